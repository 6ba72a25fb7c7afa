// Config of `layernorm`: every row of x [rows, width] is normalised, scaled and shifted.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Preset } from '../../mechanisms/mechanism.ts';

const size = z.int().min(1).optional();

export const LANES = [16, 32, 64, 128, 256] as const;

export const schema = z.strictObject({
  rows: size.describe('rows of x'),
  width: size.describe('elements per row'),
  epsilon: z.number().positive().max(1).default(1e-5).describe('added to the variance'),
  lanes: z.literal(LANES).default(64).describe('invocations that share a row'),
});

export type LayernormConfig = Required<z.infer<typeof schema>>;

const AXES = { x: ['rows', 'width'], scale: ['width'], bias: ['width'] } as const;

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): LayernormConfig {
  const { rows, width, ...rest } = parseConfig(schema, raw);
  return { ...rest, ...resolveSizes({ rows, width }, inputs, AXES) };
}

export const presets: Preset[] = [
  { id: 'tokens', title: '16 tokens of 256 numbers', variant: 'two-pass', config: { rows: 16, width: 256 } },
  { id: 'narrow', title: 'Rows narrower than the workgroup', variant: 'two-pass', config: { rows: 5, width: 7 } },
];
