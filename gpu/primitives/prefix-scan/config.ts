// Config of `prefix-scan`: inclusive running sums of x [length, channels] along its rows.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { tuningSchema } from '../../plan/kernel-form.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Rows of x, the axis that is summed along. */
  length: size,
  /** Columns of x. */
  channels: size,
  /** Values for the `@tune` constants of the kernel; its own where absent. */
  tuning: tuningSchema,
});

export interface PrefixScanConfig {
  [key: string]: unknown;
  length: number;
  channels: number;
  tuning?: Record<string, number>;
}

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): PrefixScanConfig {
  const { length, channels, tuning } = parseConfig(schema, raw);
  const sizes = resolveSizes({ length, channels }, inputs, { x: ['length', 'channels'] });
  return tuning ? { ...sizes, tuning } : sizes;
}
