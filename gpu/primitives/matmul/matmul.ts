// The primitive `matmul`: c = a · b, with a bias for every column where one is given.

import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts, Pass, PassRun, Run } from '../../define/spec.ts';
import { chooseForm } from '../../plan/choose-form.ts';
import { formSchema, type KernelForm, needsVec4s } from '../../plan/kernel-form.ts';
import { card } from './card.ts';
import { type MatmulConfig, reference } from './reference.ts';

const FORMS: readonly KernelForm[] = ['gpu', 'software', 'software-quad'];

/** Rows of c an invocation of the software forms owns, and columns of c per workgroup: written out in the kernels. */
const SOFTWARE = { rows: 8, columns: 16 };

/** Rows and columns of c per workgroup of a tuned form. */
function tuned(form: KernelForm, constant: (name: string) => number): { rows: number; columns: number } {
  return form === 'gpu'
    ? { rows: 4 * constant('TY'), columns: 4 * constant('TX') }
    : { rows: SOFTWARE.rows * constant('LANES'), columns: SOFTWARE.columns };
}

const blocks = ({ m, n }: MatmulConfig, { rows, columns }: { rows: number; columns: number }) => ({
  across: Math.ceil(n / columns),
  down: Math.ceil(m / rows),
});

const tiled: Pass<MatmulConfig> = {
  kernel: 'matmul',
  needs: { maxComputeWorkgroupStorageSize: 'rowsPerLane', maxComputeInvocationsPerWorkgroup: 'tile' },
  values: { TILE: ({ tile }) => tile, ROWS: ({ rowsPerLane }) => rowsPerLane },
  grid(config) {
    const { across, down } = blocks(config, { rows: config.tile * config.rowsPerLane, columns: config.tile });
    return [across, down, 1];
  },
};

/** Reads vec4s; which of the forms runs, the config or the device decides. */
const tunedPass = (form: KernelForm): Pass<MatmulConfig> => ({
  kernel: `matmul-tuned-${form}`,
  tuned: true,
  needs: { maxComputeInvocationsPerWorkgroup: 'tuning', maxComputeWorkgroupStorageSize: 'tuning' },
  when: (config, { limits }) => chooseForm(config.form, limits) === form,
  ...(form !== 'gpu' && { values: { RAGGED: isRagged(form) } }),
  grid(config, { constant }) {
    const { across, down } = blocks(config, tuned(form, constant));
    return [across, down, 1];
  },
});

/** Whether some block of c is not full. */
const isRagged = (form: KernelForm) =>
  function ragged({ m, n }: MatmulConfig, { constant }: PassRun): boolean {
    const { rows, columns } = tuned(form, constant);
    return m % rows !== 0 || n % columns !== 0;
  };

/** Ragged tiles bring in exact rows and columns; the tiles in workgroup memory are always filled and read whole. */
function tiledCounts(config: MatmulConfig): Counts {
  const { m, k, n, bias, tile, rowsPerLane } = config;
  const { across, down } = blocks(config, { rows: tile * rowsPerLane, columns: tile });
  const lanes = across * down * Math.ceil(k / tile) * tile * tile;
  return {
    buffers: {
      a: { loads: across * m * k },
      b: { loads: down * k * n },
      bias: { loads: bias ? m * n : 0 },
      c: { stores: m * n },
      a_tile: { loads: lanes * tile * rowsPerLane, stores: lanes * rowsPerLane },
      b_tile: { loads: lanes * tile, stores: lanes },
    },
    extraBytes: bias ? 0 : 4,
  };
}

/** In vec4s. The software forms load b once for each quad or invocation, the other once per workgroup. */
function tunedCounts(config: MatmulConfig, form: KernelForm, constant: (name: string) => number): Counts {
  const { m, k, n, bias } = config;
  const { across, down } = blocks(config, tuned(form, constant));
  const copies = form === 'gpu' ? 1 : constant('LANES') / (form === 'software-quad' ? 4 : 1);
  const shared = {
    a: { loads: (m * k * across) / 4, bytes: 16 },
    b: { loads: (k * n * down * copies) / 4, bytes: 16 },
    bias: { loads: bias ? (m * n) / 4 : 0, bytes: 16 },
    c: { stores: (m * n) / 4, bytes: 16 },
  };
  const extraBytes = bias ? 0 : 16;
  if (form !== 'gpu') return { buffers: shared, extraBytes };
  // Every step along k fills the tiles whole and has every lane read eight vec4s per vec4 of depth.
  const [tx, ty, depth] = [constant('TX'), constant('TY'), constant('DEPTH')];
  const steps = across * down * Math.ceil(k / 4 / depth);
  const loads = steps * tx * ty * 4 * depth;
  return {
    buffers: {
      ...shared,
      a_tile: { loads, stores: steps * 4 * ty * depth, bytes: 16 },
      b_tile: { loads, stores: steps * 4 * depth * tx, bytes: 16 },
    },
    extraBytes,
  };
}

export const matmul = defineMechanism<MatmulConfig>({
  card,
  sizes: {
    m: { most: 512, usual: 64, axis: 'row' },
    k: { most: 512, usual: 64, axis: 'inner' },
    n: { most: 512, usual: 64, axis: 'column' },
  },
  options: {
    tile: { choices: [4, 8, 16], usual: 16 },
    rowsPerLane: { choices: [1, 2, 4, 8], usual: 4 },
  },
  keys: { form: formSchema },
  tensors: {
    a: { axes: ['row', 'inner'], role: 'input', title: 'left factor' },
    b: { axes: ['inner', 'column'], role: 'input', title: 'right factor' },
    bias: { axes: ['column'], role: 'input', optional: { flag: 'bias', usual: false }, title: 'added to every row' },
    c: { axes: ['row', 'column'], role: 'output', title: 'product' },
  },
  misfit({ k, n }, { variant }: Run) {
    if (variant !== 'tuned') return undefined;
    return needsVec4s('the tuned product', 'k', k) ?? needsVec4s('the tuned product', 'n', n);
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { HAS_BIAS: ({ bias }) => bias },
  variants: { tiled: { passes: [tiled] }, tuned: { passes: FORMS.map(tunedPass) } },
  reference,
  counts(config, { variant, limits, constant }) {
    if (variant !== 'tuned') return tiledCounts(config);
    const form = chooseForm(config.form, limits);
    return tunedCounts(config, form, (name) => constant(`matmul-tuned-${form}`, name));
  },
  steps: {
    'load-tiles': ['Load tiles', 'The workgroup copies one tile of a and one of b into workgroup memory.'],
    multiply: ['Multiply', 'Every lane adds the products of its rows of a with its column of b to its sums.'],
    'write-tile': ['Write tile', 'Every lane adds the bias and writes its elements of c.'],
  },
});
