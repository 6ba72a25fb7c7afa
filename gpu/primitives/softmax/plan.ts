// Plan of `softmax`: one dispatch.

import { EngineError } from '../../core/errors.ts';
import type { Limits } from '../../mechanisms/mechanism.ts';
import { type Tuning, tuneCombinations, tuningOf } from '../../plan/kernel-form.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SoftmaxConfig } from './config.ts';
import perRow from './softmax-per-row.wgsl?raw';
import shared from './softmax-shared.wgsl?raw';

export const kernels = { shared, 'per-row': perRow } as const;
export type SoftmaxKernel = keyof typeof kernels;

export const kernelFile = (kernel: SoftmaxKernel) => `softmax-${kernel}.wgsl`;

/** `tuned` gives each row to one lane where barriers are dear (isSoftware 1 among the limits), and to a workgroup elsewhere. */
export function chooseKernel(variant: string, { width }: SoftmaxConfig, { isSoftware }: Limits): SoftmaxKernel {
  if (variant === 'tuned') return isSoftware === 1 && width % 4 === 0 ? 'per-row' : 'shared';
  return variant as SoftmaxKernel;
}

/** @throws EngineError bad-config */
export function tuningFor(kernel: SoftmaxKernel, { tuning }: SoftmaxConfig): Tuning {
  return tuningOf(kernelFile(kernel), kernels[kernel], tuning);
}

/** Bytes of workgroup memory. */
export function workgroupBytes(kernel: SoftmaxKernel, config: SoftmaxConfig): number {
  return kernel === 'shared' ? 4 * (config.width + tuningFor(kernel, config).LANES!) : 0;
}

/** True, or what this device lacks for the width. */
export function supports(variant: string, config: SoftmaxConfig, limits: Limits): true | EngineError {
  const kernel = chooseKernel(variant, config, limits);
  if (kernel === 'per-row' && config.width % 4 !== 0) {
    const message = `width is ${config.width}; ${kernelFile(kernel)} reads vec4s and needs a multiple of four`;
    return new EngineError('unsupported', message, { field: 'width', value: config.width, limit: 'a multiple of 4' });
  }
  try {
    const needs: [string, number, string][] = [
      ['width', workgroupBytes(kernel, config), 'maxComputeWorkgroupStorageSize'],
      ['tuning.LANES', tuningFor(kernel, config).LANES!, 'maxComputeInvocationsPerWorkgroup'],
    ];
    for (const [field, value, name] of needs) {
      const limit = limits[name];
      if (limit === undefined || value <= limit) continue;
      const what = field === 'width' ? `${value} bytes of workgroup memory` : `${value} invocations`;
      const message = `softmax over ${config.width} elements needs ${what}; this device allows ${limit}`;
      return new EngineError('limit-exceeded', message, { field, value, limit: { [name]: limit } });
    }
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  return true;
}

/** What autotune may try. */
export function tuningsFor(variant: string, config: SoftmaxConfig, limits: Limits): Tuning[] {
  const fits = (tuning: Tuning) => supports(variant, { ...config, tuning }, limits) === true;
  return tuneCombinations(kernels[chooseKernel(variant, config, limits)]).filter(fits);
}

/** @throws EngineError limit-exceeded, unsupported, bad-config */
export function plan(variant: string, config: SoftmaxConfig, limits: Limits): Plan {
  const supported = supports(variant, config, limits);
  if (supported !== true) throw supported;
  const { rows, width } = config;
  const kernel = chooseKernel(variant, config, limits);
  const tuning = tuningFor(kernel, config);
  const shape: Tuning = kernel === 'shared' ? { WIDTH: width } : { COLUMNS: width / 4 };
  return {
    buffers: [
      { name: 'x', dtype: 'f32', shape: [rows, width], role: 'input' },
      { name: 'out', dtype: 'f32', shape: [rows, width], role: 'output', init: 'poison' },
    ],
    passes: [
      {
        kernel: kernelFile(kernel),
        constants: { ...tuning, ...shape },
        bindings: { x: 'x', out: 'out' },
        params: kernel === 'shared' ? {} : { rows },
        workgroups: [kernel === 'shared' ? rows : Math.ceil(rows / tuning.LANES!), 1, 1],
      },
    ],
    idempotent: true,
  };
}
