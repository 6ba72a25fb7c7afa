// What can be set, from where to where, and which limit ends the range.

import { type AttentionConfig, resolveConfig } from '#gpu/mechanisms/attention/config.ts';
import { tilesForM } from '#gpu/mechanisms/attention/cost.ts';
import { patternMask, patterns } from '#gpu/mechanisms/attention/patterns.ts';
import { unsupported } from '#gpu/mechanisms/attention/plan.ts';
import { footprintFloats } from '#gpu/mechanisms/attention/tiles.ts';
import { TUNED } from '#gpu/mechanisms/attention/tuned-tiles.ts';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from '../../exhibit/control.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { declaredWorkgroupBytes } from '../../words/numbers.ts';
import { bytesText, exactText, limitText } from '../../words/quantities.ts';
import { countsOf, numberOf } from './settings.ts';

type Limits = Record<string, number>;

/** Rows beyond this make a recording too long to watch; the engine itself goes further. */
const MOST_TOKENS = 2048;
const MOST_HEADS = 16;
const TILE_SIZES = [1, 2, 4, 8, 16, 32, 64, 128];
const HEAD_DIMS = [8, 16, 24, 32, 40, 64, 80, 96, 128];
/** WebGPU's guaranteed values, until the device has told its own. */
const BINDING_BYTES = 134_217_728;
const WORKGROUP_BYTES = 16_384;

/** Heads, sizes and tiles with their defaults filled in, sizes of nothing counted as one; the rest does not bear on ranges. */
function sized(config: Config, changes: Record<string, unknown> = {}): AttentionConfig {
  const merged: Config = { ...config, ...changes };
  const heads = numberOf(merged, 'heads', 1);
  const nq = Math.max(numberOf(merged, 'nq', 64), 1);
  return resolveConfig({
    batch: numberOf(merged, 'batch', 1),
    heads,
    kvHeads: heads % numberOf(merged, 'kvHeads', heads) === 0 ? numberOf(merged, 'kvHeads', heads) : heads,
    nq,
    nk: Math.max(numberOf(merged, 'nk', nq), 1),
    headDim: numberOf(merged, 'headDim', 32),
    ...(typeof merged.br === 'number' ? { br: merged.br } : {}),
    ...(typeof merged.bc === 'number' ? { bc: merged.bc } : {}),
    ...(typeof merged.blockRows === 'number' ? { blockRows: merged.blockRows } : {}),
    ...(typeof merged.blockCols === 'number' ? { blockCols: merged.blockCols } : {}),
  });
}

/** flash-v1 keeps most on chip, so what it can hold every tiled variant can. */
const misfit = (config: AttentionConfig, limits: Limits) => unsupported('flash-v1', config, limits);

/**
 * Why `config` is out of range, in words that hold for each tiled variant: a range knows none, so the bytes are what the variants
 * need at most.
 */
function misfitWords(config: AttentionConfig, limits: Limits): string | undefined {
  return misfit(config, limits)?.message.replace(
    / need (\d+ bytes of workgroup memory) in [\w-]+\.wgsl/,
    ' need up to $1, depending on the kernel',
  );
}

function tileRange(axis: 'br' | 'bc') {
  return (config: Config, limits: Limits) => {
    const fits = (size: number) => !misfit(sized(config, { [axis]: size }), limits);
    const choices = TILE_SIZES.filter(fits);
    const refused = TILE_SIZES.find((size) => !fits(size));
    const reason = refused === undefined ? undefined : misfitWords(sized(config, { [axis]: refused }), limits);
    return { min: choices[0] ?? 1, max: choices.at(-1) ?? 1, step: 1, choices, reason };
  };
}

/** Tokens along an axis: what one storage buffer of this device holds, and what can still be watched. */
function tokenRange(config: Config, limits: Limits) {
  const binding = limits.maxStorageBufferBindingSize ?? BINDING_BYTES;
  const { batch, heads, headDim } = sized(config);
  const fits = Math.floor(binding / (4 * batch * heads * headDim));
  return fits < MOST_TOKENS
    ? {
        min: 1,
        max: Math.max(fits, 1),
        step: 1,
        reason: `one storage buffer of this device holds ${bytesText(binding)}`,
      }
    : {
        min: 1,
        max: MOST_TOKENS,
        step: 1,
        reason: `beyond ${exactText(MOST_TOKENS)} tokens a recording is too long to watch`,
      };
}

const named = (key: string, otherwise: number) => (config: Config) => numberOf(config, key, otherwise);

/** A painted mask follows a change of the sizes: each new cell takes the value of the old one it starts in. */
function withMask(config: Config, changes: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(config.blockmask)) return changes;
  const before = maskGrid(config);
  const after = maskGrid({ ...config, ...changes });
  const old = config.blockmask as number[];
  const cells: number[] = [];
  for (let row = 0; row < after.rows; row++) {
    for (let column = 0; column < after.columns; column++) {
      const fromRow = Math.min(Math.floor((row * after.blockRows) / before.blockRows), before.rows - 1);
      const fromColumn = Math.min(Math.floor((column * after.blockColumns) / before.blockColumns), before.columns - 1);
      cells.push(old[fromRow * before.columns + fromColumn] ?? 1);
    }
  }
  return { ...changes, blockmask: cells };
}

function maskGrid(config: Config) {
  const { nq, nk, blockRows, blockCols } = sized(config);
  return {
    rows: Math.ceil(nq / blockRows),
    columns: Math.ceil(nk / blockCols),
    blockRows,
    blockColumns: blockCols,
    patterns,
  };
}

function maskCells(config: Config): number[] {
  const { rows, columns } = maskGrid(config);
  if (Array.isArray(config.blockmask) && config.blockmask.length === rows * columns)
    return config.blockmask as number[];
  const name = patterns.find((pattern) => pattern === config.pattern);
  return name ? patternMask(name, sized(config), [rows, columns]) : new Array<number>(rows * columns).fill(1);
}

function number(
  part: Pick<Control, 'id' | 'label'> & Partial<Control> & { fallback: number; range: Control['range'] },
): Control {
  const { fallback, ...rest } = part;
  return {
    kind: 'number',
    read: named(part.id, fallback),
    apply: (_config, value) => ({ [part.id]: Number(value) }),
    ...rest,
  };
}

/** M is the paper's count for a tile; what a kernel declares on chip is its own matter, and can be less or more. */
function memoryNote(config: Config, recording: Recording | null): string {
  const { br, bc, headDim } = sized(config);
  const own = `${bytesText(4 * footprintFloats({ br, bc }, headDim))} by the paper’s count`;
  const ran = recording?.config;
  if (!recording || ran?.br !== br || ran.bc !== bc || ran.headDim !== headDim) return own;
  return `${own}; the kernel that ran declares ${bytesText(declaredWorkgroupBytes(recording.trace))}`;
}

/** The tuned kernel has tiles of its own. */
const tiled = (variant: string) => variant !== 'standard' && variant !== TUNED;
const random = (_variant: string, input: 'sentence' | 'random' | 'file') => input === 'random';

export const attentionControls: Control[] = [
  number({
    id: 'nq',
    label: 'Queries',
    term: 'query',
    fallback: 64,
    unit: 'tokens',
    lengthens: true,
    range: tokenRange,
    apply: (config, value) => withMask(config, { nq: Number(value) }),
    appliesTo: random,
  }),
  number({
    id: 'nk',
    label: 'Keys',
    term: 'key',
    fallback: 64,
    unit: 'tokens',
    lengthens: true,
    range: tokenRange,
    apply: (config, value) => withMask(config, { nk: Number(value) }),
    appliesTo: random,
  }),
  number({
    id: 'heads',
    label: 'Heads',
    term: 'head',
    fallback: 1,
    lengthens: true,
    rounding: 'a sentence has as many as its encoder gave it',
    range: () => ({ min: 1, max: MOST_HEADS, step: 1, reason: `the pictures are drawn for up to ${MOST_HEADS} heads` }),
    // The key heads must keep dividing the heads.
    apply: (config, value) => {
      const heads = Number(value);
      const kvHeads = numberOf(config, 'kvHeads', heads);
      return heads % kvHeads === 0 ? { heads, kvHeads } : { heads, kvHeads: heads };
    },
    appliesTo: (_variant, input) => input !== 'file',
  }),
  {
    id: 'kvHeads',
    label: 'Key heads',
    term: 'gqa',
    kind: 'choice',
    range: (config) => {
      const { heads } = countsOf(config);
      const choices = Array.from({ length: heads }, (_, i) => i + 1).filter((count) => heads % count === 0);
      return { min: 1, max: heads, step: 1, choices };
    },
    read: (config) => countsOf(config).kvHeads,
    apply: (_config, value) => ({ kvHeads: Number(value) }),
    appliesTo: random,
  },
  {
    id: 'headDim',
    label: 'Head dimension',
    term: 'head-dim',
    constants: ['D'],
    kind: 'choice',
    range: (config, limits) => {
      const smallest = (headDim: number) => sized(config, { headDim, br: 1, bc: 1 });
      const choices = HEAD_DIMS.filter((headDim) => !misfit(smallest(headDim), limits));
      const refused = HEAD_DIMS.find((headDim) => !choices.includes(headDim));
      return {
        min: 8,
        max: choices.at(-1) ?? 8,
        step: 8,
        choices,
        reason: refused === undefined ? undefined : misfitWords(smallest(refused), limits),
      };
    },
    read: named('headDim', 32),
    // Tiles that no longer fit go back to the mechanism's own choice.
    apply: (config, value, limits) => {
      const headDim = Number(value);
      const fits = !misfit(sized(config, { headDim }), limits);
      return fits ? { headDim } : { headDim, br: undefined, bc: undefined };
    },
    appliesTo: random,
  },
  {
    id: 'M',
    label: 'On-chip memory M',
    term: 'on-chip-memory',
    kind: 'number',
    unit: 'floats',
    rounding: 'tiles are powers of two, and M is what the largest that fit take up',
    note: memoryNote,
    range: (config, limits) => {
      const bytes = limits.maxComputeWorkgroupStorageSize ?? WORKGROUP_BYTES;
      const headDim = numberOf(config, 'headDim', 32);
      return {
        min: footprintFloats({ br: 1, bc: 1 }, headDim),
        max: Math.floor(bytes / 4),
        step: 1,
        reason: `a workgroup of this device has ${limitText(bytes)} of memory: maxComputeWorkgroupStorageSize`,
      };
    },
    read: (config) => footprintFloats(sized(config), numberOf(config, 'headDim', 32)),
    apply: (config, value, limits) => {
      const tiles = tilesForM(Number(value), numberOf(config, 'headDim', 32), limits);
      return withMask(config, { ...tiles });
    },
    appliesTo: tiled,
  },
  {
    id: 'br',
    label: 'Query tile',
    term: 'query-tile',
    constants: ['BR'],
    kind: 'choice',
    unit: 'rows',
    range: tileRange('br'),
    read: (config) => sized(config).br,
    apply: (config, value) => withMask(config, { br: Number(value) }),
    appliesTo: tiled,
  },
  {
    id: 'bc',
    label: 'Key tile',
    term: 'key-tile',
    constants: ['BC'],
    kind: 'choice',
    unit: 'rows',
    range: tileRange('bc'),
    read: (config) => sized(config).bc,
    apply: (config, value) => withMask(config, { bc: Number(value) }),
    appliesTo: tiled,
  },
  {
    id: 'causal',
    label: 'Causal mask',
    term: 'causal-mask',
    kind: 'toggle',
    range: () => ({ min: 0, max: 1, step: 1 }),
    read: (config) => config.causal === true,
    apply: (_config, value) => (value === true ? { causal: true, windowRight: undefined } : { causal: undefined }),
  },
  number({
    id: 'windowLeft',
    label: 'Window, left',
    term: 'window',
    unit: 'keys, −1 = all',
    fallback: -1,
    range: (config) => ({ min: -1, max: numberOf(config, 'nk', 64), step: 1, reason: 'there are no more keys' }),
  }),
  number({
    id: 'windowRight',
    label: 'Window, right',
    term: 'window',
    unit: 'keys, −1 = all',
    fallback: -1,
    read: (config) => (config.causal === true ? 0 : numberOf(config, 'windowRight', -1)),
    range: (config) =>
      config.causal === true
        ? { min: 0, max: 0, step: 1, reason: 'causal means that no key to the right is seen' }
        : { min: -1, max: numberOf(config, 'nk', 64), step: 1, reason: 'there are no more keys' },
  }),
  number({
    id: 'softcap',
    label: 'Softcap',
    term: 'softcap',
    constants: ['SOFTCAP'],
    unit: '0 = off',
    fallback: 0,
    range: () => ({ min: 0, max: 100, step: 0.5, reason: 'beyond 100 it changes nothing that can be seen' }),
  }),
  {
    id: 'blockmask',
    label: 'Block mask',
    term: 'block-mask',
    kind: 'mask',
    range: () => ({ min: 0, max: 1, step: 1 }),
    read: maskCells,
    mask: maskGrid,
    apply: (config, value) => {
      if (typeof value === 'string') return { pattern: value, blockmask: undefined };
      const { blockRows, blockColumns } = maskGrid(config);
      // The granularity is written down, so that a later change of the tiles leaves the painted mask as it is.
      return { blockmask: value, pattern: undefined, blockRows, blockCols: blockColumns };
    },
    owns: ['pattern', 'blockmask', 'blockRows', 'blockCols'],
    appliesTo: (variant) => variant === 'flash-v2-block-sparse',
  },
];
