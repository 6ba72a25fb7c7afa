// Config of `softmax`: every row of x [rows, width] becomes exponentials that sum to 1.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { tuningSchema } from '../../plan/kernel-form.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Rows of x. */
  rows: size,
  /** Elements per row. */
  width: size,
  /** Values for the `@tune` constants of the kernel; its own where absent. */
  tuning: tuningSchema,
});

export interface SoftmaxConfig {
  [key: string]: unknown;
  rows: number;
  width: number;
  tuning?: Record<string, number>;
}

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): SoftmaxConfig {
  const { rows, width, tuning } = parseConfig(schema, raw);
  const sizes = resolveSizes({ rows, width }, inputs, { x: ['rows', 'width'] });
  return tuning ? { ...sizes, tuning } : sizes;
}
