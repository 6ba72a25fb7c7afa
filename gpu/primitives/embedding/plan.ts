// Plan of `embedding`: one dispatch, one workgroup per token.

import { EngineError } from '../../core/errors.ts';
import type { Limits } from '../../mechanisms/mechanism.ts';
import type { Plan } from '../../plan/plan.ts';
import type { EmbeddingConfig } from './config.ts';

export const KERNEL = 'embedding.wgsl';

/** True, or what this device lacks. */
export function supports({ lanes }: EmbeddingConfig, limits: Limits): true | EngineError {
  const limit = limits.maxComputeInvocationsPerWorkgroup;
  if (limit === undefined || lanes <= limit) return true;
  return new EngineError('limit-exceeded', `lanes ${lanes}: this device allows ${limit} invocations in a workgroup`, {
    field: 'lanes',
    value: lanes,
    limit: { maxComputeInvocationsPerWorkgroup: limit },
  });
}

/** @throws EngineError limit-exceeded */
export function plan(config: EmbeddingConfig, limits: Limits): Plan {
  const supported = supports(config, limits);
  if (supported !== true) throw supported;
  const { n, rows, width, scale, timing, firstPosition, lanes } = config;
  return {
    buffers: [
      { name: 'ids', dtype: 'i32', shape: [n], role: 'input' },
      { name: 'table', dtype: 'f32', shape: [rows, width], role: 'input' },
      timing
        ? { name: 'rates', dtype: 'f32', shape: [width / 2], role: 'input' }
        : { name: 'unused', dtype: 'f32', shape: [1], role: 'scratch', init: 'zero' },
      { name: 'out', dtype: 'f32', shape: [n, width], role: 'output', init: 'poison' },
    ],
    passes: [
      {
        kernel: KERNEL,
        constants: { LANES: lanes, HAS_TIMING: timing },
        bindings: { ids: 'ids', table: 'table', rates: timing ? 'rates' : 'unused', out: 'out' },
        params: { rows, width, scale, first_position: firstPosition },
        workgroups: [n, 1, 1],
      },
    ],
    idempotent: true,
  };
}
