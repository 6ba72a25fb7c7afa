// Plan of `matmul`: one dispatch, one workgroup per tile of c.

import { EngineError } from '../../core/errors.ts';
import type { Limits } from '../../mechanisms/mechanism.ts';
import type { Plan } from '../../plan/plan.ts';
import type { MatmulConfig } from './config.ts';

export const KERNEL = 'matmul.wgsl';

/** Workgroups along columns and rows of c. */
export function tileGrid({ m, n, tile, rowsPerLane }: MatmulConfig): { across: number; down: number } {
  return { across: Math.ceil(n / tile), down: Math.ceil(m / (tile * rowsPerLane)) };
}

/** Bytes of the two tiles in workgroup memory. */
export function workgroupBytes({ tile, rowsPerLane }: MatmulConfig): number {
  return 4 * (tile * rowsPerLane * tile + tile * tile);
}

/** True, or what this device lacks for the tile size. */
export function supports(config: MatmulConfig, limits: Limits): true | EngineError {
  const needs: [string, number, string][] = [
    ['workgroup memory bytes', workgroupBytes(config), 'maxComputeWorkgroupStorageSize'],
    ['tile × tile invocations', config.tile * config.tile, 'maxComputeInvocationsPerWorkgroup'],
  ];
  for (const [field, value, name] of needs) {
    const limit = limits[name];
    if (limit === undefined || value <= limit) continue;
    const message = `matmul with tile ${config.tile} needs ${value} ${field}; this device allows ${limit}`;
    return new EngineError('limit-exceeded', message, { field, value, limit: { [name]: limit } });
  }
  return true;
}

/** @throws EngineError limit-exceeded */
export function plan(config: MatmulConfig, limits: Limits): Plan {
  const supported = supports(config, limits);
  if (supported !== true) throw supported;
  const { m, k, n, bias, tile, rowsPerLane } = config;
  const { across, down } = tileGrid(config);
  return {
    buffers: [
      { name: 'a', dtype: 'f32', shape: [m, k], role: 'input' },
      { name: 'b', dtype: 'f32', shape: [k, n], role: 'input' },
      bias
        ? { name: 'bias', dtype: 'f32', shape: [n], role: 'input' }
        : { name: 'unused', dtype: 'f32', shape: [1], role: 'scratch', init: 'zero' },
      { name: 'c', dtype: 'f32', shape: [m, n], role: 'output', init: 'poison' },
    ],
    passes: [
      {
        kernel: KERNEL,
        constants: { TILE: tile, ROWS: rowsPerLane, HAS_BIAS: bias },
        bindings: { a: 'a', b: 'b', bias: bias ? 'bias' : 'unused', c: 'c' },
        params: { m, k, n },
        workgroups: [across, down, 1],
      },
    ],
    idempotent: true,
  };
}
