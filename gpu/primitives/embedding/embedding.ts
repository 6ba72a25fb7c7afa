// The primitive `embedding`: ids pick rows of a table; a timing signal can be added.

import { EngineError } from '../../core/errors.ts';
import { integerTensor } from '../../core/random.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import { card } from './card.ts';
import { type EmbeddingConfig, reference } from './reference.ts';

/** Beyond it the kernel's range reduction of the angle loses digits. Rates are at most 1 radian per position. */
const MAX_POSITION = 8191;

/** The usual rates: wavelengths from 2π to 10 000 · 2π in a geometric row. */
function geometricRates(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => 10_000 ** -(i / Math.max(1, count - 1)));
}

function checkTiming({ n, width, firstPosition }: EmbeddingConfig): void {
  if (width % 2 !== 0) {
    throw new EngineError('bad-config', `width ${width}: a timing signal needs an even width`, {
      field: 'width',
      value: width,
    });
  }
  const last = firstPosition + n - 1;
  if (last <= MAX_POSITION) return;
  const message = `the last position would be ${last}; the timing signal is exact up to ${MAX_POSITION}`;
  throw new EngineError('limit-exceeded', message, { field: 'n', value: last, limit: MAX_POSITION });
}

function checkPlaces({ n, firstPosition, places }: EmbeddingConfig): void {
  const last = firstPosition + n - 1;
  if (last < places) return;
  const message = `the last position would be ${last}; there are rows for ${places}`;
  throw new EngineError('bad-config', message, { field: 'places', value: last, limit: places - 1 });
}

function checkRates({ data }: Tensor): void {
  const bad = data.findIndex((rate) => !(rate >= 0 && rate <= 1));
  if (bad < 0) return;
  const message = `rates[${bad}] = ${data[bad]} is not between 0 and 1 radian per position`;
  throw new EngineError('bad-input', message, { field: `rates[${bad}]`, value: data[bad], limit: [0, 1] });
}

function checkIds({ data }: Tensor, rows: number): void {
  data.forEach((id, token) => {
    if (Number.isInteger(id) && id >= 0 && id < rows) return;
    const message = `ids[${token}] = ${id} is no row of a table with ${rows} rows`;
    throw new EngineError('bad-input', message, { field: `ids[${token}]`, value: id, limit: rows - 1 });
  });
}

export const embedding = defineMechanism<EmbeddingConfig>({
  card,
  sizes: {
    n: { most: 256, usual: 12, axis: 'token' },
    rows: { most: 1024, usual: 100, axis: 'word' },
    width: { most: 512, usual: 64, axis: 'column' },
    // As many as a run needs, where nobody says.
    places: { most: 1024, usual: 64, axis: 'place', follows: ({ n, firstPosition = 0 }) => n && firstPosition + n },
    firstPosition: { most: MAX_POSITION, usual: 0, least: 0, limit: MAX_POSITION, ofInputs: false },
  },
  options: { lanes: { choices: [32, 64, 128, 256], usual: 64 } },
  numbers: { scale: { usual: 1, schema: z.number(), least: 0, most: 4, step: 0.5 } },
  axes: { rate: ({ width }) => width / 2 },
  tensors: {
    ids: {
      axes: ['token'],
      role: 'input',
      dtype: 'i32',
      title: 'which word each token is',
      make: ({ rows }, seed, shape) => integerTensor(seed, 'ids', shape, 0, rows).data,
    },
    table: { axes: ['word', 'column'], role: 'input', title: 'a row for every word' },
    rates: {
      axes: ['rate'],
      role: 'input',
      title: 'radians per position',
      optional: { flag: 'timing', usual: false },
      make: ({ width }) => geometricRates(width / 2),
    },
    positions: {
      axes: ['place', 'column'],
      role: 'input',
      title: 'a row for every position',
      optional: { flag: 'hasPositions', usual: false },
    },
    out: { axes: ['token', 'column'], role: 'output', title: 'a row for every token' },
  },
  accept(config, inputs) {
    if (config.timing) checkTiming(config);
    if (config.hasPositions) checkPlaces(config);
    if (config.timing && inputs?.rates) checkRates(inputs.rates);
    if (inputs?.ids) checkIds(inputs.ids, config.rows);
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  variants: {
    direct: {
      passes: [
        {
          kernel: 'embedding',
          needs: { maxComputeInvocationsPerWorkgroup: 'lanes' },
          values: { HAS_TIMING: ({ timing }) => timing, HAS_POSITIONS: ({ hasPositions }) => hasPositions },
          grid: ({ n }) => [n, 1, 1],
        },
      ],
    },
  },
  reference,
  // Every element of the output is made from one element of the table and one rate; every lane that has a column reads the token's id.
  counts: ({ n, width, timing, hasPositions, lanes }) => ({
    buffers: {
      ids: { loads: n * Math.min(lanes, width) },
      table: { loads: n * width },
      rates: { loads: timing ? n * width : 0 },
      positions: { loads: hasPositions ? n * width : 0 },
      out: { stores: n * width },
    },
    extraBytes: (timing ? 0 : 4) + (hasPositions ? 0 : 4),
  }),
  steps: {
    'read-id': ['Read id', 'Every lane reads the id of the workgroup’s token.'],
    'gather-row': [
      'Gather row',
      'The lanes copy the next stretch of the token’s table row, scaled, and add the timing signal of its position.',
    ],
  },
});
