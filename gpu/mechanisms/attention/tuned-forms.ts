// flash-v2-tuned: which of its kernels suits a device, and the constants it is baked with.

import { EngineError } from '../../core/errors.ts';
import { chooseForm } from '../../plan/choose-form.ts';
import { type KernelForm, type Tuning, tuneCombinations, tuningOf } from '../../plan/kernel-form.ts';
import type { Limits } from '../mechanism.ts';
import type { AttentionConfig } from './config.ts';
import gpu from './flash-v2-tuned-gpu.wgsl?raw';
import software from './flash-v2-tuned-software.wgsl?raw';
import softwareQuad from './flash-v2-tuned-software-quad.wgsl?raw';
import { formFile, type TunedTiles, tunedTiles } from './tuned-tiles.ts';

/** Kernel text of each form. */
export const tunedForms = { gpu, software, 'software-quad': softwareQuad } as const satisfies Record<
  KernelForm,
  string
>;

/** Workgroup memory that every WebGPU device has, bytes: the default tiles keep to it. */
const GUARANTEED_BYTES = 16384;

/**
 * The constants of a form: the defaults, with those of `config.tuning` in their place.
 *
 * @throws EngineError bad-config for a constant the form does not have, a value that is not among its choices, or tiles that do
 *   not divide
 */
export function attentionTuning(form: KernelForm, { headDim, tuning }: AttentionConfig): Tuning {
  const defaults = form === 'gpu' ? defaultGpuTuning(headDim) : {};
  const chosen = tuningOf(formFile(form), tunedForms[form], tuning, defaults);
  if (form === 'gpu' && chosen.BC! % chosen.LANES! !== 0) {
    throw new EngineError('bad-config', `LANES ${chosen.LANES} does not divide BC ${chosen.BC}`, {
      field: 'tuning.LANES',
      value: chosen.LANES,
      limit: `a divisor of ${chosen.BC}`,
    });
  }
  return chosen;
}

/** Times a workgroup loads every key of a tile: once where it is shared, once per quad, once per invocation. */
export function loadsPerKey(form: KernelForm, { invocations }: TunedTiles): number {
  return form === 'gpu' ? 1 : form === 'software-quad' ? invocations / 4 : invocations;
}

/** Bytes of the workgroup arrays of the form for graphics processors, by WGSL name. */
export function tunedArrays(form: KernelForm, headDim: number, { BR = 0, BC = 0, LANES = 0 }: Tuning) {
  if (form !== 'gpu') return {};
  const columns = Math.ceil(headDim / 4);
  const groups = BR / 4;
  return {
    q_tile: 16 * BR * columns,
    kv_tile: 16 * BC * (columns + 1),
    p_tile: 16 * BC * groups,
    lane_part: 16 * groups * LANES,
  };
}

/** The largest tile of scores that guaranteed workgroup memory holds; of equal ones the taller, since K and V are re-read per tile. */
function defaultGpuTuning(headDim: number): Tuning {
  const LANES = 8;
  let best: Tuning = { BR: 16, BC: 8, LANES };
  for (const BR of [16, 32, 64]) {
    for (const BC of [8, 16, 32]) {
      const bytes = Object.values(tunedArrays('gpu', headDim, { BR, BC, LANES })).reduce((sum, each) => sum + each, 0);
      if (bytes <= GUARANTEED_BYTES && BR * BC >= best.BR! * best.BC!) best = { BR, BC, LANES };
    }
  }
  return best;
}

/** Every combination of a form's `@tune` choices that a device can run with this config: what autotune tries. */
export function tunedCandidates(config: AttentionConfig, limits: Limits): Tuning[] {
  const form = chooseForm(config.form, limits);
  return tuneCombinations(tunedForms[form]).filter((tuning) => {
    if (form === 'gpu' && tuning.BC! % tuning.LANES! !== 0) return false;
    return !tunedMisfit(form, config.headDim, tuning, limits);
  });
}

/** Why a device cannot run a form with these constants; undefined when it can. */
export function tunedMisfit(
  form: KernelForm,
  headDim: number,
  tuning: Tuning,
  limits: Limits,
): EngineError | undefined {
  const { br, bc, invocations } = tunedTiles(form, tuning);
  const arrays = tunedArrays(form, headDim, tuning);
  const bytes = Object.values(arrays).reduce((sum, each) => sum + each, 0);
  const needs: [string, number, string, number][] = [
    ['workgroup memory bytes', bytes, 'maxComputeWorkgroupStorageSize', GUARANTEED_BYTES],
    ['invocations', invocations, 'maxComputeInvocationsPerWorkgroup', 256],
  ];
  for (const [what, value, name, otherwise] of needs) {
    const limit = limits[name] ?? otherwise;
    if (value <= limit) continue;
    const message = `tiles of ${br} × ${bc} with headDim ${headDim} need ${value} ${what}; this device allows ${limit} (${name})`;
    return new EngineError('limit-exceeded', message, { field: 'tuning', value, limit });
  }
  return undefined;
}
