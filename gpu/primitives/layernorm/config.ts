// Config of `layernorm`: every row of x [rows, width] is normalised, scaled and shifted.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { tuningSchema } from '../../plan/kernel-form.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const LANES = [16, 32, 64, 128, 256] as const;

export const schema = z.strictObject({
  /** Rows of x. */
  rows: size,
  /** Elements per row. */
  width: size,
  /** Added to the variance. */
  epsilon: z._default(z.number().check(z.positive(), z.lte(1)), 1e-5),
  /** Invocations that share a row. */
  lanes: z._default(z.literal(LANES), 64),
  /** Values for the `@tune` constants of the kernel per-row; its own where absent. */
  tuning: tuningSchema,
});

type Given = z.infer<typeof schema>;
export type LayernormConfig = Required<Omit<Given, 'tuning'>> & Pick<Given, 'tuning'>;

const AXES = { x: ['rows', 'width'], scale: ['width'], bias: ['width'] } as const;

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): LayernormConfig {
  const { rows, width, ...rest } = parseConfig(schema, raw);
  return { ...rest, ...resolveSizes({ rows, width }, inputs, AXES) };
}
