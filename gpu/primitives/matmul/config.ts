// Config of `matmul`: c [m, n] = a [m, k] · b [k, n] (+ bias [n]).

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Preset } from '../../mechanisms/mechanism.ts';

const size = z.int().min(1).optional();

export const schema = z.strictObject({
  m: size.describe('rows of a and c'),
  k: size.describe('columns of a, rows of b'),
  n: size.describe('columns of b and c'),
  bias: z.boolean().optional().describe('add a bias to every row; by default when one is given'),
  tile: z
    .union([z.literal(4), z.literal(8), z.literal(16)])
    .default(16)
    .describe('columns per tile and depth per step'),
  rowsPerLane: z
    .union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)])
    .default(4)
    .describe('rows of c per invocation; a tile has tile × rowsPerLane rows'),
});

export type MatmulConfig = Required<z.infer<typeof schema>>;

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): MatmulConfig {
  const { m, k, n, ...rest } = parseConfig(schema, raw);
  const bias = rest.bias ?? inputs?.bias !== undefined;
  const axes = { a: ['m', 'k'], b: ['k', 'n'], ...(bias && { bias: ['n'] as const }) } as const;
  return { ...rest, bias, ...resolveSizes({ m, k, n }, inputs, axes) };
}

export const presets: Preset[] = [
  { id: 'square', title: '64 × 64 times 64 × 64', variant: 'tiled', config: { m: 64, k: 64, n: 64 } },
  {
    id: 'ragged',
    title: 'Ragged edges: 50 × 33 times 33 × 21',
    variant: 'tiled',
    config: { m: 50, k: 33, n: 21, bias: true },
  },
];
