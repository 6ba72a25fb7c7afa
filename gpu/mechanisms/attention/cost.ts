// Closed forms: what every variant loads and stores, by counting tiles. Never shown in place of a recording; it stands beside.

import { EngineError } from '../../core/errors.ts';
import type { BufferCount, Limits, Totals } from '../mechanism.ts';
import type { AttentionConfig } from './config.ts';
import {
  cellsUnder,
  isVarlen,
  keptScores,
  keyRows,
  keyRowsUnder,
  type QueryTile,
  queryTileCount,
  queryTiles,
  STANDARD,
  workgroupBytes,
} from './geometry.ts';
import { planAttention, requireVariant, unsupported, type VariantId } from './plan.ts';
import { footprintFloats, type Tiles } from './tiles.ts';
import { sequenceKinds, Walk } from './walk.ts';

/** Loads and stores by buffer, in elements. */
class Counts {
  /** Sequences that do the same as the one that is counted. */
  alike = 1;
  readonly #counts = new Map<string, { loads: number; stores: number }>();

  load(buffer: string, elements: number): void {
    this.#of(buffer).loads += this.alike * elements;
  }

  store(buffer: string, elements: number): void {
    this.#of(buffer).stores += this.alike * elements;
  }

  #of(buffer: string) {
    let count = this.#counts.get(buffer);
    if (!count) {
      count = { loads: 0, stores: 0 };
      this.#counts.set(buffer, count);
    }
    return count;
  }

  /** @param times heads that do the same */
  list(times: number): BufferCount[] {
    return [...this.#counts].map(([buffer, count]) => {
      const [loads, stores] = [times * count.loads, times * count.stores];
      return { buffer, loads, stores, loadBytes: 4 * loads, storeBytes: 4 * stores };
    });
  }
}

/** One sequence as one head sees it; all heads do the same. */
interface SequenceWork {
  config: AttentionConfig;
  queries: number;
  keys: number;
  /** Rows of out and lse that are written: padding is, too. */
  written: number;
  counts: Counts;
  events: { tiles: number; considered: number };
  walk: Walk;
}

/**
 * Exact loads and stores of a variant: the sum over visited tiles of the rows and columns they hold.
 *
 * @throws EngineError unknown-variant, limit-exceeded where so many tiles differ that counting them would take long
 */
export function attentionCost(variant: string, config: AttentionConfig): Totals {
  requireVariant(variant);
  const counts = new Counts();
  const events = { tiles: 0, considered: 0 };
  const walk = new Walk(variant);
  for (const { queries, keys, alike } of sequenceKinds(config)) {
    const own = { tiles: 0, considered: 0 };
    const written = config.packed ? queries : config.nq;
    counts.alike = alike;
    countSequence[variant]({ config, queries, keys, written, counts, events: own, walk });
    events.tiles += alike * own.tiles;
    events.considered += alike * own.considered;
  }
  const { buffers, passes } = planAttention(variant, config, NO_LIMITS);
  const extraBuffers = buffers.filter(({ name }) => ['s', 'p', 'l', 'extents'].includes(name));
  const counted = counts.list(config.heads);
  if (isVarlen(config)) {
    // Every workgroup of every pass loads the four words of its sequence at once.
    const loads = passes.reduce((sum, { workgroups }) => sum + product(workgroups as number[]), 0);
    counted.push({ buffer: 'extents', loads, stores: 0, loadBytes: 16 * loads, storeBytes: 0 });
  }
  const tiles = config.heads * events.tiles;
  return {
    buffers: counted,
    workgroupBytes: workgroupBytes(variant, config),
    extraBytes: extraBuffers.reduce((bytes, { shape }) => bytes + 4 * product(shape), 0),
    events: variant === 'flash-v2-block-sparse' ? { considered: config.heads * events.considered, tiles } : { tiles },
  };
}

const product = (extents: readonly number[]) => extents.reduce((total, extent) => total * extent, 1);

const NO_LIMITS: Limits = new Proxy({}, { get: () => Number.POSITIVE_INFINITY });

const countSequence: Record<VariantId, (work: SequenceWork) => void> = {
  standard({ config, queries, keys, written, counts, events }) {
    const d = config.headDim;
    const blocks = Math.ceil(queries / STANDARD.BR);
    counts.load('q', queries * d);
    counts.load('k', blocks * keys * d);
    counts.store('s', queries * keys);
    counts.load('s', queries * (keys + 2 * Math.max(0, keys - keptScores(config))));
    counts.store('p', queries * keys);
    counts.store('lse', written);
    counts.load('p', queries * keys);
    counts.load('v', blocks * keys * d);
    counts.store('out', written * d);
    events.tiles += 2 * blocks * Math.ceil(keys / STANDARD.BC);
  },

  'flash-v1'({ config, queries, keys, written, counts, events, walk }) {
    const d = config.headDim;
    let [seen, seenRows] = [0, 0];
    // Algorithm 1, line 2: out = 0, l = 0, m = −∞ are stored before the loops.
    counts.store('out', written * d);
    counts.store('l', written);
    counts.store('lse', written);
    for (const queryTile of walk.kinds(config, queries, keys)) {
      const { from, to, alike = 1 } = queryTile;
      // A later query tile begins no earlier, so what lies before the end of the last one has been seen.
      seenRows += keyRowsUnder(config, keys, { ...queryTile, from: Math.max(from, seen) });
      seen = Math.max(seen, to);
      const visits = to - from;
      const rows = alike * queryTile.rows;
      counts.load('q', visits * rows * d);
      counts.load('out', visits * rows * d);
      counts.store('out', visits * rows * d);
      for (const statistic of ['l', 'lse']) {
        counts.load(statistic, visits * rows);
        counts.store(statistic, visits * rows);
      }
      events.tiles += alike * visits;
    }
    if (seenRows > 0) for (const tensor of ['k', 'v']) counts.load(tensor, seenRows * d);
  },

  'flash-v2'(work) {
    const { config, queries, keys, walk } = work;
    countFlash2(work, walk.kinds(config, queries, keys), (queryTile) => ({
      tiles: queryTile.to - queryTile.from,
      rows: keyRowsUnder(config, keys, queryTile),
    }));
  },

  'flash-v2-block-sparse'(work) {
    const { config, queries, keys, counts, events, walk } = work;
    const count = queryTileCount(config, queries);
    walk.take(count * Math.ceil(keys / config.bc));
    const columns = Math.ceil(config.nk / config.blockCols);
    const isNeeded = (queryTile: QueryTile, tile: number) => {
      const cells = cellsUnder(config, queryTile, tile, keys);
      let needed = false;
      for (let row = cells.rows[0]; row <= cells.rows[1]; row++) {
        for (let column = cells.columns[0]; column <= cells.columns[1]; column++) {
          counts.load('blockmask', 1);
          needed ||= config.blockmask?.[row * columns + column] !== 0;
        }
      }
      events.considered++;
      return needed;
    };
    countFlash2(work, queryTiles(config, 0, count, queries, keys), (queryTile) => {
      const visits = { tiles: 0, rows: 0 };
      for (let tile = queryTile.from; tile < queryTile.to; tile++) {
        if (!isNeeded(queryTile, tile)) continue;
        visits.tiles++;
        visits.rows += keyRows(config, keys, tile);
      }
      return visits;
    });
  },
};

function countFlash2(
  { config, queries, written, counts, events }: SequenceWork,
  visited: Iterable<QueryTile & { alike?: number }>,
  visitsOf: (queryTile: QueryTile) => { tiles: number; rows: number },
): void {
  const d = config.headDim;
  counts.load('q', queries * d);
  counts.store('out', written * d);
  counts.store('lse', written);
  for (const queryTile of visited) {
    const { alike = 1 } = queryTile;
    const { tiles, rows } = visitsOf(queryTile);
    if (tiles === 0) continue;
    for (const tensor of ['k', 'v']) counts.load(tensor, alike * rows * d);
    events.tiles += alike * tiles;
  }
}

const POWERS = [128, 64, 32, 16, 8, 4, 2, 1];

/**
 * Tiles for an on-chip memory of `mFloats`: the paper's bc = ⌈M / 4d⌉ and br = min(bc, d), then the largest powers of two below
 * whose whole footprint, 2·bc·d + 2·br·d + br·bc + 2·br floats, fits M and this device. Of equal areas the taller tile wins,
 * since FlashAttention-2 re-reads K and V once per query tile.
 *
 * @throws EngineError bad-config when not even one row and one key fit
 */
export function tilesForM(mFloats: number, headDim: number, limits: Limits): Tiles {
  const widest = Math.ceil(mFloats / (4 * headDim));
  let best: Tiles | undefined;
  for (const br of POWERS.filter((rows) => rows <= Math.min(widest, headDim))) {
    for (const bc of POWERS.filter((keys) => keys <= widest)) {
      const tiles = { br, bc };
      if (footprintFloats(tiles, headDim) > mFloats || !fitsDevice(tiles, headDim, limits)) continue;
      if (!best || br * bc > best.br * best.bc) best = tiles;
    }
  }
  if (best) return best;
  const least = footprintFloats({ br: 1, bc: 1 }, headDim);
  throw new EngineError('bad-config', `M = ${mFloats} floats hold no tile of headDim ${headDim}; ${least} are needed`, {
    field: 'M',
    value: mFloats,
    limit: least,
  });
}

function fitsDevice(tiles: Tiles, headDim: number, limits: Limits): boolean {
  const config = { ...tiles, headDim, blockRows: tiles.br, blockCols: tiles.bc } as AttentionConfig;
  return (['flash-v1', 'flash-v2-block-sparse'] as const).every((variant) => !unsupported(variant, config, limits));
}
