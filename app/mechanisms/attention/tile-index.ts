// Which tile each step worked on and what each row's statistics were, as the kernels recorded them: a place alone (`//: record at batch head
// row=q0 key=k0`) is a visit, m, l and rescale at a row are a fold. Tile sizes come from the constants the kernel was baked with.

import { finish, SLICE_ROWS, type Sliced } from '#gpu/core/sliced.ts';
import { NEG } from '#gpu/mechanisms/attention/tiles.ts';
import { tilesOfPass } from '#gpu/mechanisms/attention/tuned-tiles.ts';
import { rowsOf, tablesWith, visitsOn } from '#gpu/trace/record-rows.ts';
import { type RecordingIndex, sliceIndexOfTrace } from '#gpu/trace/recording-index.ts';
import { stepColumns } from '#gpu/trace/step-columns.ts';
import { tunables } from '#gpu/wgsl/text/bake.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sequenceExtent } from './visibility.ts';

/** One passing of a workgroup over a tile; columns in step order. */
export interface TileVisits {
  count: number;
  step: Uint32Array;
  dispatch: Uint16Array;
  workgroup: Uint32Array;
  batch: Uint32Array;
  head: Uint32Array;
  q0: Uint32Array;
  k0: Uint32Array;
  /** How many times what other tiles of this size needed was loaded in the tile's own step; 1 as a rule. */
  repeats: Uint16Array;
}

/** A row's statistics after one fold; sorted by batch, head, row, then step. */
export interface RowFolds {
  count: number;
  step: Uint32Array;
  batch: Uint32Array;
  head: Uint32Array;
  row: Uint32Array;
  /** First key of the tile that was folded in. */
  k0: Uint32Array;
  /** −∞ while the row has seen no key, for which the kernels have a finite number. */
  m: Float32Array;
  l: Float32Array;
  rescale: Float32Array;
}

export interface TileIndex {
  visits: TileVisits;
  /** Step → its workgroup's latest visit at or before it; −1 before the first. */
  visitOfStep: Int32Array;
  folds: RowFolds;
  /** Rows and columns of a tile, by dispatch; 0 where the kernel declares no such constant. */
  tileRows: number[];
  tileColumns: number[];
}

const indexes = new WeakMap<Recording['trace'], TileIndex>();

/** The tile index of a recording; made at the first call, the same object afterwards. */
export function tileIndexOf(recording: Recording): TileIndex {
  return indexes.get(recording.trace) ?? finish(sliceTileIndex(recording));
}

/** `tileIndexOf` in slices: a long recording has hundreds of thousands of recorded values. */
export function* sliceTileIndex(recording: Recording): Sliced<TileIndex> {
  const known = indexes.get(recording.trace);
  if (known) return known;
  const made = yield* makeTileIndex(recording);
  indexes.set(recording.trace, made);
  return made;
}

function* makeTileIndex(recording: Recording): Sliced<TileIndex> {
  const index = yield* sliceIndexOfTrace(recording.trace);
  const { tileRows, tileColumns } = tileSizes(recording);
  const visits = yield* readVisits(recording, index);
  yield;
  const visitOfStep = assignSteps(index, visits);
  yield* findRepeats(recording, index, visits, visitOfStep);
  const folds = yield* readFolds(recording, visits, visitOfStep);
  return { visits, visitOfStep, folds, tileRows, tileColumns };
}

function tileSizes(recording: Recording): Pick<TileIndex, 'tileRows' | 'tileColumns'> {
  const sizes = new Map(recording.kernels.map(({ file, wgsl }) => [file, bakedTile(wgsl)]));
  const of = recording.trace.dispatches.map(({ kernel }) => {
    const { rows, columns } = sizes.get(kernel) ?? { rows: 0, columns: 0 };
    const form = formTile(recording, kernel);
    return { rows: rows || form.rows, columns: columns || form.columns };
  });
  return { tileRows: of.map(({ rows }) => rows), tileColumns: of.map(({ columns }) => columns) };
}

/** The tuned kernel's forms write some of their sizes out; one that was edited may have written others. */
function formTile({ plan, edited }: Recording, kernel: string): { rows: number; columns: number } {
  const pass = edited.includes(kernel) ? undefined : plan.passes.find((candidate) => candidate.kernel === kernel);
  const tiles = pass && tilesOfPass(pass);
  return { rows: tiles?.br ?? 0, columns: tiles?.bc ?? 0 };
}

/** An edited kernel may hold a constant that is no literal; its tile size is then unknown and the recorded starts must do. */
function bakedTile(wgsl: string): { rows: number; columns: number } {
  try {
    const constants = new Map(tunables(wgsl).map(({ name, value }) => [name, Number(value)]));
    return { rows: constants.get('BR') ?? 0, columns: constants.get('BC') ?? 0 };
  } catch {
    return { rows: 0, columns: 0 };
  }
}

/** Every lane of a workgroup records the tile; one visit is kept per step and distinct position. */
function* readVisits(recording: Recording, index: RecordingIndex): Sliced<TileVisits> {
  const axes = ['batch', 'head', 'row', 'key'];
  const table = rowsOf(visitsOn(recording.trace, axes), axes);
  const [batch, head, q0, k0] = table.columns as [Float32Array, Float32Array, Float32Array, Float32Array];
  const kept: number[] = [];
  const seen = new Set<string>();
  let step = -1;
  for (let i = 0; i < table.count; i++) {
    if (i % SLICE_ROWS === 0) yield;
    if (table.step[i] !== step) {
      step = table.step[i]!;
      seen.clear();
    }
    const last = kept[kept.length - 1];
    const same = (j: number) =>
      table.step[j] === step && batch[j] === batch[i] && head[j] === head[i] && q0[j] === q0[i] && k0[j] === k0[i];
    if (last !== undefined && same(last)) continue;
    const key = `${batch[i]} ${head[i]} ${q0[i]} ${k0[i]}`;
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(i);
  }
  const steps = Uint32Array.from(kept, (i) => table.step[i]!);
  return {
    count: kept.length,
    step: steps,
    dispatch: Uint16Array.from(steps, (at) => index.dispatch[at]!),
    workgroup: Uint32Array.from(steps, (at) => index.workgroup[at]!),
    batch: Uint32Array.from(kept, (i) => batch[i]!),
    head: Uint32Array.from(kept, (i) => head[i]!),
    q0: Uint32Array.from(kept, (i) => q0[i]!),
    k0: Uint32Array.from(kept, (i) => k0[i]!),
    repeats: new Uint16Array(kept.length).fill(1),
  };
}

function assignSteps(index: RecordingIndex, visits: TileVisits): Int32Array {
  const visitOfStep = new Int32Array(index.steps);
  const latest = new Int32Array(index.lanes.length).fill(-1);
  let next = 0;
  for (let step = 0; step < index.steps; step++) {
    const lane = index.lane[step]!;
    while (next < visits.count && visits.step[next] === step) {
      latest[lane] = next;
      next += 1;
    }
    visitOfStep[step] = latest[lane]!;
  }
  return visitOfStep;
}

/**
 * A tile whose own step loaded a whole multiple of what the same step loaded elsewhere was read more than once without being
 * visited more than once. Only like is compared with like: same dispatch, flush point, buffer, and as many rows and keys in the tile.
 */
function* findRepeats(
  recording: Recording,
  index: RecordingIndex,
  visits: TileVisits,
  visitOfStep: Int32Array,
): Sliced<void> {
  const least = new Map<string, number>();
  const { buffers } = recording.trace;
  const { accessStart, buffer, loads } = stepColumns(recording.trace);
  const extents = tileExtents(recording, visits);
  function* each(act: (visit: number, key: string, count: number) => void): Sliced<void> {
    for (let visit = 0; visit < visits.count; visit++) {
      if (visit % (SLICE_ROWS / 4) === 0) yield;
      const at = visits.step[visit]!;
      if (visitOfStep[at] !== visit) continue;
      for (let row = accessStart[at]!; row < accessStart[at + 1]!; row++) {
        if (loads[row] === 0 || buffers[buffer[row]!]!.space !== 'storage') continue;
        act(visit, `${index.dispatch[at]} ${index.site[at]} ${buffer[row]} ${extents[visit]}`, loads[row]!);
      }
    }
  }
  yield* each((_, key, count) => least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, count)));
  yield* each((visit, key, count) => {
    const times = count / least.get(key)!;
    if (Number.isInteger(times)) visits.repeats[visit] = Math.max(visits.repeats[visit]!, times);
  });
}

/**
 * A label per visit: the rows and keys its tile really holds, which the end of its own sequence may cut short. Where a kernel declares
 * no tile size, the smallest distance between recorded starts stands for it.
 */
function tileExtents(recording: Recording, visits: TileVisits): string[] {
  const { tileRows, tileColumns } = tileSizes(recording);
  const rowStep = smallestDistance(visits.q0);
  const columnStep = smallestDistance(visits.k0);
  return Array.from({ length: visits.count }, (_, i) => {
    const { rows, keys } = sequenceExtent(recording.config, visits.batch[i]!);
    const dispatch = visits.dispatch[i]!;
    const high = Math.min(tileRows[dispatch] || rowStep, rows - visits.q0[i]!);
    const wide = Math.min(tileColumns[dispatch] || columnStep, keys - visits.k0[i]!);
    return `${high} ${wide}`;
  });
}

function smallestDistance(starts: Uint32Array): number {
  const sorted = [...new Set(starts)].sort((a, b) => a - b);
  return sorted.slice(1).reduce((least, start, i) => Math.min(least, start - sorted[i]!), Number.POSITIVE_INFINITY);
}

type Six = [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];

/** Several lanes may share a row and record the same fold; one is kept per step and row. */
function* readFolds(recording: Recording, visits: TileVisits, visitOfStep: Int32Array): Sliced<RowFolds> {
  // A kernel that makes a row in one go has nothing to rescale; those of before did not say whose the row was.
  const table = rowsOf(tablesWith(recording.trace, ['row', 'm', 'l']), ['row', 'm', 'l', 'rescale', 'batch', 'head']);
  const [row, m, l, rescale, ownBatch, ownHead] = table.columns as Float32Array[] as Six;
  const placeOf = (step: number) => {
    const visit = visitOfStep[step]!;
    if (visit >= 0) return { batch: visits.batch[visit]!, head: visits.head[visit]!, k0: visits.k0[visit]! };
    return { ...placeInGrid(recording, step), k0: 0 };
  };
  const kept: number[] = [];
  const batch = new Uint32Array(table.count);
  const head = new Uint32Array(table.count);
  const k0 = new Uint32Array(table.count);
  // Row → step at which it was last met: one map for all steps, since a set per step is what a collector spends its time on.
  const metAt = new Map<number, number>();
  let place = { batch: 0, head: 0, k0: 0 };
  for (let i = 0; i < table.count; i++) {
    if (i % SLICE_ROWS === 0) yield;
    const step = table.step[i]!;
    if (i === 0 || step !== table.step[i - 1]) place = placeOf(step);
    if (metAt.get(row[i]!) === step) continue;
    metAt.set(row[i]!, step);
    kept.push(i);
    batch[i] = Number.isNaN(ownBatch[i]) ? place.batch : ownBatch[i]!;
    head[i] = Number.isNaN(ownHead[i]) ? place.head : ownHead[i]!;
    k0[i] = place.k0;
  }
  const order = yield* byRow(kept, batch, head, row);
  const whole = function* (column: ArrayLike<number>): Sliced<Uint32Array> {
    yield;
    return order.map((i) => column[i]!);
  };
  // Filled by hand: `from` with a function walks an iterator and takes ten times as long.
  const real = function* (column: ArrayLike<number> | undefined): Sliced<Float32Array> {
    yield;
    const sorted = new Float32Array(order.length);
    for (let at = 0; at < order.length; at++) sorted[at] = column ? column[order[at]!]! : Number.NaN;
    return sorted;
  };
  const maxima = yield* real(m);
  for (let at = 0; at < maxima.length; at++) if (maxima[at]! <= NEG) maxima[at] = Number.NEGATIVE_INFINITY;
  return {
    count: order.length,
    step: yield* whole(table.step),
    batch: yield* whole(batch),
    head: yield* whole(head),
    row: yield* whole(row),
    k0: yield* whole(k0),
    m: maxima,
    l: yield* real(l),
    rescale: yield* real(rescale),
  };
}

/** `kept` (in step order) sorted by batch, head and row by counting: tens of thousands of folds must not hold up a frame. */
function* byRow(kept: number[], batch: Uint32Array, head: Uint32Array, row: Float32Array): Sliced<Uint32Array> {
  const extent = function* (column: ArrayLike<number>): Sliced<number> {
    yield;
    let highest = 0;
    for (const i of kept) highest = Math.max(highest, column[i]!);
    return highest + 1;
  };
  const batches = yield* extent(batch);
  const heads = yield* extent(head);
  const rows = yield* extent(row);
  const keyOf = (i: number) => (batch[i]! * heads + head[i]!) * rows + row[i]!;
  const start = new Uint32Array(batches * heads * rows + 1);
  const order = new Uint32Array(kept.length);
  for (let at = 0; at < kept.length; at++) {
    if (at % SLICE_ROWS === 0) yield;
    start[keyOf(kept[at]!) + 1]! += 1;
  }
  for (let key = 1; key < start.length; key++) start[key]! += start[key - 1]!;
  for (let at = 0; at < kept.length; at++) {
    if (at % SLICE_ROWS === 0) yield;
    order[start[keyOf(kept[at]!)]!++] = kept[at]!;
  }
  return order;
}

/** A kernel that visits no tiles (a softmax by rows) still has its grid: (…, heads, sequences), as every kernel here. */
function placeInGrid({ trace }: Recording, step: number): { batch: number; head: number } {
  const { dispatch, workgroup } = trace.steps[step]!;
  const [x, y] = trace.dispatches[dispatch]!.workgroups;
  return { batch: Math.floor(workgroup / (x * y)), head: Math.floor(workgroup / x) % y };
}

/** Range [from, to) of one row's folds in `folds`. */
export function foldsOfRow(folds: RowFolds, batch: number, head: number, row: number): [number, number] {
  const before = (i: number, past: boolean) => {
    const order = folds.batch[i]! - batch || folds.head[i]! - head || folds.row[i]! - row;
    return past ? order <= 0 : order < 0;
  };
  const bound = (past: boolean) => {
    let low = 0;
    let high = folds.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(middle, past)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [bound(false), bound(true)];
}
