// The variant `tuned`: which of its kernels suits a device, its plan, and what it loads and stores.

import { EngineError } from '../../core/errors.ts';
import type { Limits, Totals } from '../../mechanisms/mechanism.ts';
import { chooseForm } from '../../plan/choose-form.ts';
import { type KernelForm, type Tuning, tuneCombinations, tuningOf } from '../../plan/kernel-form.ts';
import type { Plan } from '../../plan/plan.ts';
import type { MatmulConfig } from './config.ts';
import gpu from './matmul-tuned-gpu.wgsl?raw';
import software from './matmul-tuned-software.wgsl?raw';
import softwareQuad from './matmul-tuned-software-quad.wgsl?raw';

export const TUNED = 'tuned';

/** Kernel text of each form. */
export const tunedForms = { gpu, software, 'software-quad': softwareQuad } as const satisfies Record<
  KernelForm,
  string
>;

export const formFile = (form: KernelForm) => `matmul-tuned-${form}.wgsl`;

/** Rows of c an invocation of the software forms owns, and columns of c per workgroup: written out in the kernels. */
const SOFTWARE = { ROWS: 8, COLUMNS: 16 };

/** Rows and columns of c per workgroup, its invocations and its workgroup memory. */
export function tunedTile(form: KernelForm, { TX = 0, TY = 0, DEPTH = 0, LANES = 0 }: Tuning) {
  return form === 'gpu'
    ? { rows: 4 * TY, columns: 4 * TX, invocations: TX * TY, workgroupBytes: 16 * (4 * TY * DEPTH + 4 * DEPTH * TX) }
    : { rows: SOFTWARE.ROWS * LANES, columns: SOFTWARE.COLUMNS, invocations: LANES, workgroupBytes: 0 };
}

/** @throws EngineError unsupported, bad-config for a tuning that does not exist */
function choose(config: MatmulConfig, limits: Limits) {
  const form = chooseForm(config.form, limits);
  const tuning = tuningOf(formFile(form), tunedForms[form], config.tuning);
  return { form, tuning, ...tunedTile(form, tuning) };
}

/** True, or why this device or these sizes cannot run it. */
export function supportsTuned(config: MatmulConfig, limits: Limits): true | EngineError {
  for (const field of ['k', 'n'] as const) {
    if (config[field] % 4 === 0) continue;
    const message = `${field} is ${config[field]}; the tuned product reads vec4s and needs a multiple of four`;
    return new EngineError('unsupported', message, { field, value: config[field], limit: 'a multiple of 4' });
  }
  try {
    const { form, invocations, workgroupBytes } = choose(config, limits);
    const needs = { maxComputeInvocationsPerWorkgroup: invocations, maxComputeWorkgroupStorageSize: workgroupBytes };
    for (const [name, value] of Object.entries(needs)) {
      const limit = limits[name];
      if (limit === undefined || value <= limit) continue;
      const message = `${formFile(form)} needs ${value}; this device allows ${limit} (${name})`;
      return new EngineError('limit-exceeded', message, { field: 'tuning', value, limit });
    }
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  return true;
}

/** What autotune may try. */
export function matmulTunings(config: MatmulConfig, limits: Limits): Tuning[] {
  const { tuning: _other, ...rest } = config;
  const form = chooseForm(config.form, limits);
  return tuneCombinations(tunedForms[form]).filter((tuning) => supportsTuned({ ...rest, tuning }, limits) === true);
}

/** @throws EngineError limit-exceeded, unsupported, bad-config */
export function planTuned(config: MatmulConfig, limits: Limits): Plan {
  const supported = supportsTuned(config, limits);
  if (supported !== true) throw supported;
  const { m, k, n, bias } = config;
  const { form, tuning, rows, columns } = choose(config, limits);
  return {
    buffers: [
      { name: 'a', dtype: 'f32', shape: [m, k], role: 'input' },
      { name: 'b', dtype: 'f32', shape: [k, n], role: 'input' },
      bias
        ? { name: 'bias', dtype: 'f32', shape: [n], role: 'input' }
        : { name: 'unused', dtype: 'f32', shape: [4], role: 'scratch', init: 'zero' },
      { name: 'c', dtype: 'f32', shape: [m, n], role: 'output', init: 'poison' },
    ],
    passes: [
      {
        kernel: formFile(form),
        constants: {
          ...tuning,
          HAS_BIAS: bias,
          ...(form === 'gpu' ? {} : { RAGGED: m % rows !== 0 || n % columns !== 0 }),
        },
        bindings: { a: 'a', b: 'b', bias: bias ? 'bias' : 'unused', c: 'c' },
        params: { m, k, n },
        workgroups: [Math.ceil(n / columns), Math.ceil(m / rows), 1],
      },
    ],
    idempotent: true,
  };
}

/** Steps along k, each of which fills the tiles in workgroup memory whole and has every lane read eight vec4s per vec4 of depth. */
function tileTraffic(config: MatmulConfig, { TX = 0, TY = 0, DEPTH = 0 }: Tuning, groups: number) {
  const steps = groups * Math.ceil(config.k / 4 / DEPTH);
  return {
    a: { loads: steps * TX * TY * 4 * DEPTH, stores: steps * 4 * TY * DEPTH },
    b: { loads: steps * TX * TY * 4 * DEPTH, stores: steps * 4 * DEPTH * TX },
  };
}

/** Exact loads and stores, in vec4s. The software forms load b once for each quad or invocation, the other once per workgroup. */
export function costTuned(config: MatmulConfig, limits: Limits = { subgroupMinSize: 4 }): Totals {
  const { m, k, n, bias } = config;
  const { form, tuning, rows, columns, invocations, workgroupBytes } = choose(config, limits);
  const [across, down] = [Math.ceil(n / columns), Math.ceil(m / rows)];
  const copies = form === 'gpu' ? 1 : form === 'software-quad' ? invocations / 4 : invocations;
  const row = (buffer: string, loads: number, stores: number) => ({
    buffer,
    loads,
    stores,
    loadBytes: loads * 16,
    storeBytes: stores * 16,
  });
  const tiles = tileTraffic(config, tuning, across * down);
  return {
    buffers: [
      row('a', (m * k * across) / 4, 0),
      row('b', (k * n * down * copies) / 4, 0),
      ...(bias ? [row('bias', (m * n) / 4, 0)] : []),
      row('c', 0, (m * n) / 4),
      ...(form === 'gpu'
        ? [row('a_tile', tiles.a.loads, tiles.a.stores), row('b_tile', tiles.b.loads, tiles.b.stores)]
        : []),
    ],
    workgroupBytes,
    extraBytes: bias ? 0 : 16,
  };
}
