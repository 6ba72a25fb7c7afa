// The primitive `positions`: rotary embedding of queries and keys, ALiBi's biases, and sinusoidal tables.

import { EngineError } from '../../core/errors.ts';
import { integerTensor } from '../../core/random.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts, Pass, PassRun } from '../../define/spec.ts';
import { card } from './card.ts';
import { isAlibi, isRotary, type PositionsConfig, reachOf, reference, type Style } from './reference.ts';
import { columnTurns, rotaryTurns, slopesOf } from './tables.ts';

const positive = z.number().check(z.positive());
const ROTARY: readonly Style[] = ['half', 'interleaved'];
const STYLES: Record<string, readonly Style[]> = {
  rope: ROTARY,
  rotate: ROTARY,
  alibi: ['bloom', 'mpt'],
  sinusoidal: ['marian', 'gptj', 'paper'],
};

const isSinusoidal = (config: PositionsConfig) => !isRotary(config) && !isAlibi(config);
const isMasked = ({ style }: PositionsConfig) => style === 'bloom';
/** cos, or sin. */
const table = ({ positionBatch, seqlen, rotaryDim }: PositionsConfig) => positionBatch * seqlen * rotaryDim;

/** Rows, positions and strides of tensors that stand by themselves; x is q, k or x, and y what it becomes. */
const rotation = (
  [x, y]: readonly [string, string],
  heads: (config: PositionsConfig) => number,
  keeps = 0,
): Pass<PositionsConfig> => {
  const whole = (config: PositionsConfig) => config.seqlen * config.dim;
  return {
    kernel: 'rotate',
    bindings: { x, y },
    values: {
      heads,
      keep_angles: keeps,
      x_batch: (config) => heads(config) * whole(config),
      y_batch: (config) => heads(config) * whole(config),
      x_head: whole,
      y_head: whole,
    },
    grid: (config, { constant }: PassRun) => {
      const units = config.seqlen * heads(config) * (config.dim - config.rotaryDim / 2);
      return [Math.ceil(units / constant('LANES')), 1, config.batch];
    },
  };
};
const ofQueries = ({ heads }: PositionsConfig) => heads;
const ofKeys = ({ kvHeads }: PositionsConfig) => kvHeads;

const HEADS_OF = { q: 'head', k: 'kvHead', x: 'head' } as const;
const rows = (of: keyof typeof HEADS_OF) => ['batch', HEADS_OF[of], 'time', 'channel'];

function refused(field: string, value: unknown, limit: unknown, message: string): EngineError {
  return new EngineError('bad-config', message, { field, value, limit });
}

function accept(config: PositionsConfig, inputs: Readonly<Record<string, Tensor>> | undefined): void {
  const { style, dim, rotaryDim, batch, positionBatch } = config;
  if (style === 'gptj' && dim % 2 !== 0)
    throw refused('dim', dim, 'an even number', `dim is ${dim}: GPT-J has as many cosines as sines`);
  if (isRotary(config)) {
    if (rotaryDim % 2 !== 0 || rotaryDim > dim)
      throw refused('rotaryDim', rotaryDim, dim, `rotaryDim is ${rotaryDim}: pairs among ${dim} channels are rotated`);
    if (positionBatch !== 1 && positionBatch !== batch) {
      const message = `${positionBatch} sequences have positions: one or all ${batch} may`;
      throw refused('positionBatch', positionBatch, [1, batch], message);
    }
  }
  requireEach('positions', inputs?.positions, (value) => value >= 0, 'at least 0', 0);
  requireEach('attention_mask', inputs?.attention_mask, (value) => value === 0 || value === 1, '0 or 1', [0, 1]);
}

function requireEach(
  name: string,
  given: Tensor | undefined,
  fits: (value: number) => boolean,
  what: string,
  limit: unknown,
) {
  const bad = given?.data.findIndex((value) => !fits(value)) ?? -1;
  if (bad < 0) return;
  const [field, value] = [`${name}[${bad}]`, given!.data[bad]];
  throw new EngineError('bad-input', `${field} is ${value}, not ${what}`, { field, value, limit });
}

/** Seeded positions below the reach, which the last one comes to. */
function somePositions(config: PositionsConfig, seed: number, shape: number[]) {
  const { data } = integerTensor(seed, 'positions', shape, 0, reachOf(config));
  data[data.length - 1] = reachOf(config) - 1;
  return data;
}

/** One pass over the rows of x, with `heads` of them. */
function rotationCounts(config: PositionsConfig, heads: number) {
  const { batch, seqlen, dim, rotaryDim, hasPositions } = config;
  const headRows = batch * seqlen * heads;
  const pairs = (headRows * rotaryDim) / 2;
  return { each: headRows * dim, turns: 2 * pairs, positions: hasPositions ? pairs : 0 };
}

function ropeCounts(config: PositionsConfig): Counts {
  const [q, k] = [rotationCounts(config, config.heads), rotationCounts(config, config.kvHeads)];
  return {
    buffers: {
      q: { loads: q.each },
      k: { loads: k.each },
      turns: { loads: q.turns + k.turns },
      positions: { loads: q.positions + k.positions },
      q_rot: { stores: q.each },
      k_rot: { stores: k.each },
      angles: { stores: 2 * table(config) + config.rotaryDim / 2 },
    },
  };
}

function rotateCounts(config: PositionsConfig): Counts {
  const { each, turns, positions } = rotationCounts(config, config.heads);
  return {
    buffers: { x: { loads: each }, turns: { loads: turns }, positions: { loads: positions }, y: { stores: each } },
  };
}

/** Every lane but the first L − 1 times adds up what the lanes before it counted. */
function alibiCounts(config: PositionsConfig, lanes: number): Counts {
  const { batch, heads, seqlen } = config;
  const groups = batch * heads;
  const counted = isMasked(config) ? groups : 0;
  return {
    buffers: {
      slope_values: { loads: groups * lanes },
      attention_mask: { loads: 2 * counted * seqlen },
      counts: { loads: (counted * lanes * (lanes - 1)) / 2, stores: counted * lanes },
      slopes: { stores: heads },
      bias: { stores: groups * seqlen },
    },
  };
}

function waveCounts({ seqlen, dim, hasPositions }: PositionsConfig): Counts {
  const elements = seqlen * dim;
  const positions = { loads: hasPositions ? elements : 0 };
  return { buffers: { columns: { loads: 3 * elements }, positions, table: { stores: elements } } };
}

export const positions = defineMechanism<PositionsConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1, follows: () => 1 },
    heads: { most: 32, usual: 2, axis: 'head', follows: () => 1 },
    kvHeads: { most: 32, usual: 2, axis: 'kvHead', follows: ({ heads }) => heads },
    seqlen: { most: 512, usual: 16, axis: 'time' },
    dim: { most: 128, usual: 8, axis: 'channel', follows: () => 2 },
    rotaryDim: { most: 128, usual: 8, axis: 'turned', follows: ({ dim }) => dim },
    positionBatch: { most: 8, usual: 1, follows: ({ batch }) => batch },
    position: { most: 4096, usual: 0, least: 0, limit: 2 ** 30, ofInputs: false },
    maxPositionEmbeddings: { most: 4096, usual: 2048, ofInputs: false },
  },
  options: {
    style: {
      choices: ['half', 'interleaved', 'bloom', 'mpt', 'marian', 'gptj', 'paper'],
      given: ({ q, k, x, attention_mask, positions: given }) => {
        if (q || k || x) return 'half';
        if (attention_mask) return 'bloom';
        return given?.shape.length === 1 ? 'marian' : undefined;
      },
    },
    scaling: { choices: ['default', 'linear', 'dynamic'] },
  },
  numbers: {
    theta: { usual: 10_000, schema: positive, least: 100, most: 1_000_000, step: 100 },
    factor: { usual: 1, schema: positive, least: 1, most: 8, step: 0.5 },
    alibiBiasMax: { usual: 8, schema: positive, least: 2, most: 16, step: 1 },
  },
  keys: { reach: z.optional(z.int().check(z.gte(1))) },
  axes: {
    pair: ({ rotaryDim }) => rotaryDim / 2,
    angle: (config) => 2 * table(config) + config.rotaryDim / 2,
    turnPart: () => 2,
    columnPart: () => 3,
  },
  tensors: {
    q: { axes: rows('q'), role: 'input', variants: ['rope'], present: isRotary, title: 'queries' },
    k: { axes: rows('k'), role: 'input', variants: ['rope'], present: isRotary, title: 'keys' },
    x: { axes: rows('x'), role: 'input', variants: ['rotate'], present: isRotary, title: 'rows' },
    positions: {
      axes: (config) => (isRotary(config) ? ['positionBatch', 'time'] : ['time']),
      role: 'input',
      dtype: 'i32',
      optional: { flag: 'hasPositions', usual: false },
      present: (config) => !isAlibi(config),
      title: 'position of every row',
      make: somePositions,
    },
    attention_mask: {
      axes: ['batch', 'time'],
      role: 'input',
      dtype: 'i32',
      present: isMasked,
      title: 'keys to be seen',
      make: (_config, seed, shape) =>
        integerTensor(seed, 'attention_mask', shape, 0, 4).data.map((value) => Math.min(1, value)),
    },
    turns: {
      axes: ['turnPart', 'pair'],
      role: 'input',
      dtype: 'u32',
      present: isRotary,
      title: 'turns per position',
      constant: rotaryTurns,
    },
    columns: {
      axes: ['columnPart', 'channel'],
      role: 'input',
      dtype: 'u32',
      present: isSinusoidal,
      title: 'turns per position, and phase',
      constant: columnTurns,
    },
    slope_values: { axes: ['head'], role: 'input', present: isAlibi, title: 'slopes', constant: slopesOf },
    y: { axes: rows('x'), role: 'output', variants: ['rotate'], present: isRotary, title: 'rotated rows' },
    q_rot: { axes: rows('q'), role: 'output', variants: ['rope'], present: isRotary, title: 'rotated queries' },
    k_rot: { axes: rows('k'), role: 'output', variants: ['rope'], present: isRotary, title: 'rotated keys' },
    angles: { axes: ['angle'], role: 'scratch', variants: ['rope'], present: isRotary, title: 'cos, sin, frequencies' },
    cos: {
      axes: ['positionBatch', 'time', 'turned'],
      role: 'output',
      variants: ['rope'],
      present: isRotary,
      title: 'cosines',
      within: () => ({ buffer: 'angles', at: 0 }),
    },
    sin: {
      axes: ['positionBatch', 'time', 'turned'],
      role: 'output',
      variants: ['rope'],
      present: isRotary,
      title: 'sines',
      within: (config) => ({ buffer: 'angles', at: table(config) }),
    },
    inv_freq: {
      axes: ['pair'],
      role: 'output',
      variants: ['rope'],
      present: isRotary,
      title: 'radians per position',
      within: (config) => ({ buffer: 'angles', at: 2 * table(config) }),
    },
    table: { axes: ['time', 'channel'], role: 'output', present: isSinusoidal, title: 'waves' },
    slopes: { axes: ['head'], role: 'output', present: isAlibi, title: 'slope of every head' },
    bias: { axes: ['batch', 'head', 'time'], role: 'output', present: isAlibi, title: 'added to scores' },
  },
  settle(asked, inputs) {
    const given = inputs?.positions;
    if (!given || !isRotary(asked) || asked.reach !== undefined) return asked;
    return { ...asked, reach: Array.from(given.data).reduce((most, position) => Math.max(most, position), 0) + 1 };
  },
  accept,
  misfit({ style }, { variant }) {
    const limit = STYLES[variant]!;
    if (limit.includes(style)) return undefined;
    const message = `style is ${style}; ${variant} takes ${limit.join(', ')}`;
    return new EngineError('unsupported', message, { field: 'style', value: style, limit });
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    PAIRS: ({ rotaryDim }) => rotaryDim / 2,
    INTERLEAVED: ({ style }) => style === 'interleaved',
    COUNTED: isMasked,
    channels: ({ dim }) => dim,
    width: ({ dim }) => dim,
    keys: ({ seqlen }) => seqlen,
    tokens: ({ seqlen }) => seqlen,
    positions_batch: ({ batch, positionBatch, seqlen }) => (positionBatch === batch ? seqlen : 0),
    angles_sin: table,
    angles_rates: (config) => 2 * table(config),
    x_at: 0,
    x_time: ({ dim }) => dim,
    y_at: 0,
    y_time: ({ dim }) => dim,
    y_row: 0,
    table_row: 0,
  },
  variants: {
    rope: { passes: [rotation(['q', 'q_rot'], ofQueries, 1), rotation(['k', 'k_rot'], ofKeys)] },
    alibi: { passes: [{ kernel: 'alibi', grid: ({ heads, batch }) => [heads, batch, 1] }] },
    sinusoidal: {
      passes: [
        {
          kernel: 'sinusoid',
          grid: ({ seqlen, dim }, { constant }) => [Math.ceil((seqlen * dim) / constant('LANES')), 1, 1],
        },
      ],
    },
    rotate: { passes: [rotation(['x', 'y'], ofQueries)] },
  },
  reference,
  counts(config, { variant, constant }) {
    if (variant === 'rope') return ropeCounts(config);
    if (variant === 'rotate') return rotateCounts(config);
    return variant === 'alibi' ? alibiCounts(config, constant('alibi', 'LANES')) : waveCounts(config);
  },
  steps: {
    rotate: ['Rotate', 'A pair of channels is rotated by the row’s position times the pair’s frequency.'],
    copy: ['Copy', 'A channel beyond the rotated ones stays as it is.'],
    'keep-angles': ['Keep the angles', 'Cosine and sine are stored, once for all heads.'],
    wave: ['Wave', 'The sine of the row’s position times the column’s frequency, or its cosine, is written.'],
    'count-keys': ['Count keys', 'Every lane counts the keys to be seen among its own.'],
    'bias-keys': ['Bias', 'Every key gets the head’s slope times how many keys to be seen are before it.'],
  },
});
