// flash-v2-tuned: config and limits → Plan, and what it loads and stores. Pure.

import { EngineError } from '../../core/errors.ts';
import { chooseForm } from '../../plan/choose-form.ts';
import type { KernelForm, Tuning } from '../../plan/kernel-form.ts';
import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import type { Limits, Totals } from '../mechanism.ts';
import type { AttentionConfig } from './config.ts';
import { isVarlen, keyRowsUnder } from './geometry.ts';
import { check, extentsBuffer, extentsSpec, room, rowTotals, scoring, strides, tensorBuffers } from './plan.ts';
import { attentionTuning, loadsPerKey, tunedArrays, tunedMisfit } from './tuned-forms.ts';
import { formFile, TUNED, type TunedTiles, tunedTiles } from './tuned-tiles.ts';
import { sequenceKinds, Walk } from './walk.ts';

/** Copies rows whose length is no multiple of four, so that the kernels can read them as vec4s. */
const PAD = { kernel: 'pad-columns.wgsl', SIZE: 64 };
const MOST_GROUPS = 65535;

interface Choice {
  form: KernelForm;
  tuning: Tuning;
  tiles: TunedTiles;
}

/** @throws EngineError unsupported, bad-config for a tuning that does not exist */
function choose(config: AttentionConfig, limits: Limits): Choice {
  const form = chooseForm(config.form, limits);
  const tuning = attentionTuning(form, config);
  return { form, tuning, tiles: tunedTiles(form, tuning) };
}

/** Why flash-v2-tuned cannot run this config on a device with these limits; undefined when it can. */
export function tunedUnsupported(config: AttentionConfig, limits: Limits): EngineError | undefined {
  if (config.blockmask) {
    return new EngineError('unsupported', `${TUNED} takes no block mask; flash-v2-block-sparse does`, {
      field: 'blockmask',
      value: TUNED,
      limit: 'flash-v2-block-sparse',
    });
  }
  try {
    const { form, tuning } = choose(config, limits);
    return tunedMisfit(form, config.headDim, tuning, limits);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

const isPadded = ({ headDim }: AttentionConfig) => headDim % 4 !== 0;
const columnsOf = ({ headDim }: AttentionConfig) => Math.ceil(headDim / 4);

/**
 * One dispatch of the form that `config.form` names or the adapter facts in `limits` suggest (see `chooseForm`); head dimensions
 * that are no multiple of four cost a copy of q, k and v first.
 *
 * @throws EngineError limit-exceeded (field, value, limit), unsupported, bad-config
 */
export function planTuned(config: AttentionConfig, limits: Limits): Plan {
  const reason = tunedUnsupported(config, limits);
  if (reason) throw reason;
  const { form, tuning, tiles } = choose(config, limits);
  const tensors = tensorBuffers(config);
  const padded = isPadded(config)
    ? tensors
        .slice(0, 3)
        .filter(({ shape }) => elements(shape) > 0)
        .map((spec) => widened(spec, config))
    : [];
  const buffers = [...tensors, extentsSpec(config), ...padded];
  for (const { name, shape } of buffers) {
    const bytes = 4 * elements(shape);
    check(limits, 'maxStorageBufferBindingSize', name, bytes, `${name} [${shape.join(', ')}] takes ${bytes} bytes`);
  }
  const pass = attentionPass(config, form, tuning, tiles);
  (pass.workgroups as number[]).forEach((groups, axis) => {
    const field = ['nq', 'heads', 'batch'][axis]!;
    check(
      limits,
      'maxComputeWorkgroupsPerDimension',
      field,
      groups,
      `${pass.kernel} needs ${groups} workgroups for ${field}`,
    );
  });
  return { buffers, passes: [...padded.map((wide) => padPass(wide, config)), pass], idempotent: true };
}

const elements = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

function widened({ name, axes = [], shape }: BufferSpec, config: AttentionConfig): BufferSpec {
  const wide = { axes: [...axes.slice(0, -1), 'paddedColumn'], shape: [...shape.slice(0, -1), 4 * columnsOf(config)] };
  return { name: `${name}_padded`, dtype: 'f32', ...wide, role: 'scratch', init: 'poison' };
}

function padPass({ name, shape }: BufferSpec, { headDim }: AttentionConfig): PassSpec {
  const count = elements(shape) / 4;
  const groups = Math.max(1, Math.ceil(count / PAD.SIZE));
  const across = Math.min(groups, MOST_GROUPS);
  return {
    kernel: PAD.kernel,
    constants: { SIZE: PAD.SIZE, D: headDim },
    bindings: { narrow: name.replace('_padded', ''), wide: name },
    params: { count },
    workgroups: [across, Math.ceil(groups / across), 1],
  };
}

function attentionPass(config: AttentionConfig, form: KernelForm, tuning: Tuning, { br, bc }: TunedTiles): PassSpec {
  const { heads, kvHeads, batch, nq, nk, headDim, softcap } = config;
  const extents = extentsBuffer(config);
  const [queryRows, keyRowsInAll] = rowTotals(config);
  // A tensor without rows has no 16 bytes for a binding of vec4s. The kernel then reads none of it, so any buffer will do.
  const tensor = (name: string, rows: number) => (rows === 0 ? extents : isPadded(config) ? `${name}_padded` : name);
  const ragged = isVarlen(config) || nq % br !== 0 || nk % bc !== 0;
  return {
    kernel: formFile(form),
    constants: {
      ...tuning,
      D: headDim,
      VARLEN: isVarlen(config),
      SOFTCAP: softcap !== 0,
      ...(form === 'gpu' ? {} : { RAGGED: ragged }),
    },
    bindings: {
      q: tensor('q', queryRows),
      k: tensor('k', keyRowsInAll),
      v: tensor('v', keyRowsInAll),
      extents,
      out: 'out',
      lse: 'lse',
    },
    params: { heads, kv_heads: kvHeads, ...room(config), ...scoring(config), ...strides(config) },
    workgroups: [Math.max(1, Math.ceil(nq / br)), heads, batch],
  };
}

/**
 * Exact loads and stores. q, k and v are loaded as vec4s of 16 bytes: by the software forms q once for every key tile, and every
 * key once for each quad or invocation; by the form for graphics processors q once, and every key once per tile.
 *
 * @param limits decide the form as in `planTuned`; without them it is the one for graphics processors
 */
export function tunedCost(config: AttentionConfig, limits: Limits = { subgroupMinSize: 4 }): Totals {
  const { form, tuning, tiles } = choose(config, limits);
  const columns = columnsOf(config);
  const tiled = { ...config, br: tiles.br, bc: tiles.bc };
  let [visits, rowLoads, keyLoads, written] = [0, 0, 0, 0];
  const walk = new Walk(TUNED);
  for (const { queries, keys, alike: sequences } of sequenceKinds(config)) {
    written += sequences * (config.packed ? queries : config.nq);
    for (const queryTile of walk.kinds(tiled, queries, keys)) {
      const { rows, from, to, alike = 1 } = queryTile;
      const times = sequences * alike;
      visits += times * (to - from);
      rowLoads += times * rows * (form === 'gpu' ? 1 : to - from);
      keyLoads += times * keyRowsUnder(tiled, keys, queryTile);
    }
  }
  const vec4s = (buffer: string, rows: number, stores = 0) => {
    const loads = config.heads * columns * rows;
    return { buffer, loads, stores, loadBytes: 16 * loads, storeBytes: 16 * stores };
  };
  const name = (tensor: string) => (isPadded(config) ? `${tensor}_padded` : tensor);
  const counted = [
    vec4s(name('q'), rowLoads, paddedVec4s(config, 0)),
    vec4s(name('k'), loadsPerKey(form, tiles) * keyLoads, paddedVec4s(config, 1)),
    vec4s(name('v'), loadsPerKey(form, tiles) * keyLoads, paddedVec4s(config, 1)),
    ...(isPadded(config) ? narrowLoads(config) : []),
    storesOf('out', config.heads * written * config.headDim),
    storesOf('lse', config.heads * written),
  ];
  const { workgroups } = attentionPass(config, form, tuning, tiles);
  if (isVarlen(config)) {
    // Every invocation loads the four words of its sequence at once.
    const loads = elements(workgroups as number[]) * tiles.invocations;
    counted.push({ buffer: 'extents', loads, stores: 0, loadBytes: 16 * loads, storeBytes: 0 });
  }
  return {
    buffers: counted,
    workgroupBytes: Object.values(tunedArrays(form, config.headDim, tuning)).reduce((sum, each) => sum + each, 0),
    extraBytes: (isVarlen(config) ? 16 * config.batch : 0) + 16 * (paddedVec4s(config, 0) + 2 * paddedVec4s(config, 1)),
    events: { tiles: config.heads * visits },
  };
}

const storesOf = (buffer: string, stores: number) => ({
  buffer,
  loads: 0,
  stores,
  loadBytes: 0,
  storeBytes: 4 * stores,
});

/** vec4s of a padded q (side 0) or k and v (side 1); 0 where nothing is padded. */
function paddedVec4s(config: AttentionConfig, side: 0 | 1): number {
  const heads = side === 0 ? config.heads : config.kvHeads;
  return isPadded(config) ? rowTotals(config)[side]! * heads * columnsOf(config) : 0;
}

function narrowLoads(config: AttentionConfig) {
  return (['q', 'k', 'v'] as const).map((buffer) => {
    const [queryRows, keyRowsInAll] = rowTotals(config);
    const loads = config.headDim * (buffer === 'q' ? queryRows * config.heads : keyRowsInAll * config.kvHeads);
    return { buffer, loads, stores: 0, loadBytes: 4 * loads, storeBytes: 0 };
  });
}
