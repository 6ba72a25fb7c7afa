// Config of `matmul`: c [m, n] = a [m, k] · b [k, n] (+ bias [n]).

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { formSchema, tuningSchema } from '../../plan/kernel-form.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Rows of a and c. */
  m: size,
  /** Columns of a, rows of b. */
  k: size,
  /** Columns of b and c. */
  n: size,
  /** Add a bias to every row; by default when one is given. */
  bias: z.optional(z.boolean()),
  /** Columns per tile and depth per step. */
  tile: z._default(z.literal([4, 8, 16]), 16),
  /** Rows of c per invocation; a tile has tile × rowsPerLane rows. */
  rowsPerLane: z._default(z.literal([1, 2, 4, 8]), 4),
  /** Which kernel the variant `tuned` runs; by the adapter when absent or 'auto'. */
  form: formSchema,
  /** Values for the `@tune` constants of that kernel; its own where absent. */
  tuning: tuningSchema,
});

type Given = z.infer<typeof schema>;
export type MatmulConfig = Required<Omit<Given, 'form' | 'tuning'>> & Pick<Given, 'form' | 'tuning'>;

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): MatmulConfig {
  const { m, k, n, ...rest } = parseConfig(schema, raw);
  const bias = rest.bias ?? inputs?.bias !== undefined;
  const axes = { a: ['m', 'k'], b: ['k', 'n'], ...(bias && { bias: ['n'] as const }) } as const;
  return { ...rest, bias, ...resolveSizes({ m, k, n }, inputs, axes) };
}
