// Plan of `layernorm`: one dispatch, one workgroup per row.

import { EngineError } from '../../core/errors.ts';
import type { Limits } from '../../mechanisms/mechanism.ts';
import type { Plan } from '../../plan/plan.ts';
import type { LayernormConfig } from './config.ts';

export const KERNEL = 'layernorm.wgsl';

/** Bytes of the row and of the partial sums in workgroup memory. */
export function workgroupBytes({ width, lanes }: LayernormConfig): number {
  return 4 * (width + lanes);
}

/** True, or what this device lacks for the width. */
export function supports(config: LayernormConfig, limits: Limits): true | EngineError {
  const needs: [string, number, string][] = [
    ['width', workgroupBytes(config), 'maxComputeWorkgroupStorageSize'],
    ['lanes', config.lanes, 'maxComputeInvocationsPerWorkgroup'],
  ];
  for (const [field, value, name] of needs) {
    const limit = limits[name];
    if (limit === undefined || value <= limit) continue;
    const what = field === 'width' ? `${value} bytes of workgroup memory` : `${value} invocations`;
    const message = `layernorm over ${config.width} elements with ${config.lanes} lanes needs ${what}; this device allows ${limit}`;
    return new EngineError('limit-exceeded', message, { field, value, limit: { [name]: limit } });
  }
  return true;
}

/** @throws EngineError limit-exceeded */
export function plan(config: LayernormConfig, limits: Limits): Plan {
  const supported = supports(config, limits);
  if (supported !== true) throw supported;
  const { rows, width, epsilon, lanes } = config;
  return {
    buffers: [
      { name: 'x', dtype: 'f32', shape: [rows, width], role: 'input' },
      { name: 'scale', dtype: 'f32', shape: [width], role: 'input' },
      { name: 'bias', dtype: 'f32', shape: [width], role: 'input' },
      { name: 'out', dtype: 'f32', shape: [rows, width], role: 'output', init: 'poison' },
    ],
    passes: [
      {
        kernel: KERNEL,
        constants: { LANES: lanes, WIDTH: width },
        bindings: { x: 'x', scale: 'scale', bias: 'bias', out: 'out' },
        params: { epsilon },
        workgroups: [rows, 1, 1],
      },
    ],
    idempotent: true,
  };
}
