// Config of `prefix-scan`: inclusive running sums of x [length, channels] along its rows.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Preset } from '../../mechanisms/mechanism.ts';
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

export const presets: Preset[] = [
  { id: 'columns', title: '64 rows of 32 channels', variant: 'chunked', config: { length: 64, channels: 32 } },
  {
    id: 'ragged',
    title: 'Rows that no chunk divides',
    variant: 'chunked',
    config: { length: 37, channels: 5 },
  },
];
