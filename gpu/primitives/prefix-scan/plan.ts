// Plan of `prefix-scan`: one dispatch.

import { EngineError } from '../../core/errors.ts';
import type { Limits } from '../../mechanisms/mechanism.ts';
import { type Tuning, tuneCombinations, tuningOf } from '../../plan/kernel-form.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PrefixScanConfig } from './config.ts';
import chunked from './prefix-scan-chunked.wgsl?raw';
import sequential from './prefix-scan-sequential.wgsl?raw';

export const kernels = { sequential, chunked } as const;
export type ScanKernel = keyof typeof kernels;

export const kernelFile = (kernel: ScanKernel) => `prefix-scan-${kernel}.wgsl`;

/** `tuned` walks down every channel where barriers are dear (isSoftware 1 among the limits), and cuts the rows into chunks elsewhere. */
export function chooseKernel(variant: string, { isSoftware }: Limits): ScanKernel {
  if (variant === 'tuned') return isSoftware === 1 ? 'sequential' : 'chunked';
  return variant as ScanKernel;
}

/** @throws EngineError bad-config */
export function tuningFor(kernel: ScanKernel, { tuning }: PrefixScanConfig): Tuning {
  return tuningOf(kernelFile(kernel), kernels[kernel], tuning);
}

/** True, or what this device lacks. */
export function supports(variant: string, config: PrefixScanConfig, limits: Limits): true | EngineError {
  try {
    const { LANES = 1, CHUNKS = 1 } = tuningFor(chooseKernel(variant, limits), config);
    const limit = limits.maxComputeInvocationsPerWorkgroup;
    if (limit === undefined || LANES * CHUNKS <= limit) return true;
    const message = `prefix-scan with ${LANES} lanes and ${CHUNKS} chunks has ${LANES * CHUNKS} invocations; this device allows ${limit}`;
    return new EngineError('limit-exceeded', message, { field: 'tuning', value: LANES * CHUNKS, limit });
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

/** What autotune may try. */
export function tuningsFor(variant: string, config: PrefixScanConfig, limits: Limits): Tuning[] {
  const fits = (tuning: Tuning) => supports(variant, { ...config, tuning }, limits) === true;
  return tuneCombinations(kernels[chooseKernel(variant, limits)]).filter(fits);
}

/** @throws EngineError limit-exceeded, bad-config */
export function plan(variant: string, config: PrefixScanConfig, limits: Limits): Plan {
  const supported = supports(variant, config, limits);
  if (supported !== true) throw supported;
  const { length, channels } = config;
  const kernel = chooseKernel(variant, limits);
  const constants = tuningFor(kernel, config);
  return {
    buffers: [
      { name: 'x', dtype: 'f32', shape: [length, channels], role: 'input' },
      { name: 'y', dtype: 'f32', shape: [length, channels], role: 'output', init: 'poison' },
    ],
    passes: [
      {
        kernel: kernelFile(kernel),
        constants,
        bindings: { x: 'x', y: 'y' },
        params: { length, channels },
        workgroups: [Math.ceil(channels / constants.LANES!), 1, 1],
      },
    ],
    idempotent: true,
  };
}
