// The variant `per-row`, and `tuned`, which takes it where it is the faster one.

import { EngineError } from '../../core/errors.ts';
import type { Limits, Totals } from '../../mechanisms/mechanism.ts';
import { tuningOf } from '../../plan/kernel-form.ts';
import type { Plan } from '../../plan/plan.ts';
import type { LayernormConfig } from './config.ts';
import wgsl from './layernorm-per-row.wgsl?raw';

export const PER_ROW = { file: 'layernorm-per-row.wgsl', wgsl };

/** `tuned` gives each row to one lane where barriers are dear (isSoftware 1 among the limits), and to a workgroup elsewhere. */
export function isPerRow(variant: string, { width }: LayernormConfig, { isSoftware }: Limits): boolean {
  return variant === 'per-row' || (variant === 'tuned' && isSoftware === 1 && width % 4 === 0);
}

/** True, or why these rows cannot be read as vec4s, or which constant does not exist. */
export function supportsPerRow({ width, tuning }: LayernormConfig): true | EngineError {
  if (width % 4 !== 0) {
    const message = `width is ${width}; ${PER_ROW.file} reads vec4s and needs a multiple of four`;
    return new EngineError('unsupported', message, { field: 'width', value: width, limit: 'a multiple of 4' });
  }
  try {
    tuningOf(PER_ROW.file, wgsl, tuning);
    return true;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

/** @throws EngineError unsupported, bad-config */
export function planPerRow(config: LayernormConfig): Plan {
  const supported = supportsPerRow(config);
  if (supported !== true) throw supported;
  const { rows, width, epsilon, tuning } = config;
  const constants = tuningOf(PER_ROW.file, wgsl, tuning);
  return {
    buffers: [
      { name: 'x', dtype: 'f32', shape: [rows, width], role: 'input' },
      { name: 'scale', dtype: 'f32', shape: [width], role: 'input' },
      { name: 'bias', dtype: 'f32', shape: [width], role: 'input' },
      { name: 'out', dtype: 'f32', shape: [rows, width], role: 'output', init: 'poison' },
    ],
    passes: [
      {
        kernel: PER_ROW.file,
        constants: { ...constants, COLUMNS: width / 4 },
        bindings: { x: 'x', scale: 'scale', bias: 'bias', out: 'out' },
        params: { rows, epsilon },
        workgroups: [Math.ceil(rows / constants.LANES!), 1, 1],
      },
    ],
    idempotent: true,
  };
}

/** Three passes over x, one over scale and bias for every row, in vec4s. */
export function costPerRow({ rows, width }: LayernormConfig): Totals {
  const vec4s = (rows * width) / 4;
  const row = (buffer: string, loads: number, stores: number) => ({
    buffer,
    loads,
    stores,
    loadBytes: loads * 16,
    storeBytes: stores * 16,
  });
  return {
    buffers: [row('x', 3 * vec4s, 0), row('scale', vec4s, 0), row('bias', vec4s, 0), row('out', 0, vec4s)],
    workgroupBytes: 0,
    extraBytes: 0,
  };
}
