// View (c): how often each element was touched over the run, one panel per tensor of the picked head.

import type { Where } from '#gpu/trace/held.ts';
import { HEAD_PICKS } from '../../exhibit/picked-axes.ts';
import type { PictureState } from '../../exhibit/picture.ts';
import { elementIndex, elementPlace } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type HeatPanelSpec, heat, type PlacedHeat } from '../../pictures/heat/heat.ts';
import { spreadOf } from '../../words/magnitude.ts';
import { countText, exactText, plural } from '../../words/quantities.ts';
import { followedRow } from './followed-row.ts';
import { AXIS_TENSORS, type HeadSlice, sliceOf } from './head-slice.ts';
import { isIn, regionOf, spanOfWorkgroup } from './links.ts';
import { headOf, scoreExtents } from './score-place.ts';
import { inTensorOrder } from './tensors.ts';
import { tileIndexOf } from './tile-index.ts';

type Verb = 'read' | 'written';
type Touch = NonNullable<Recording['trace']['touches']>[number];

const sliceAt = (run: Recording, buffer: string, at: Where): HeadSlice | null => {
  const { batch, head } = headOf(at);
  return sliceOf(run, buffer, batch, head);
};

/** Axis of a buffer's rows: tokens of the queries or of the keys, where they are that. */
function rowAxis(buffer: string): string {
  const axis = AXIS_TENSORS[buffer] ?? (['s', 'p', 'lse', 'l'].includes(buffer) ? 'query' : null);
  return axis === null ? `${buffer} element` : axis === 'query' ? 'row' : 'key';
}
const columnAxis = (buffer: string) => `${buffer} column`;

function countsOf({ touches = [] }: Recording['trace'], buffer: string, verb: Verb, slice: HeadSlice): Float32Array {
  const { loads, stores } = touches.find((touch) => touch.buffer === buffer)!;
  const source = verb === 'read' ? loads : stores;
  const counts = new Float32Array(slice.rows * slice.columns);
  for (let row = 0; row < slice.rows; row++) {
    const from = slice.offset + row * slice.rowStride;
    counts.set(source.subarray(from, from + slice.columns), row * slice.columns);
  }
  return counts;
}

function notes(counts: Float32Array): string[] {
  const { most, mean } = spreadOf(counts);
  const average = mean >= 100 ? countText(Math.round(mean)) : mean.toFixed(1);
  return [`max ${countText(most)} · mean ${average}`, `max ${countText(most)}`, `×${countText(most)}`];
}

/** A panel for everything that was read, and one for what was written that is no input. */
function panelsOf(run: Recording): HeatPanelSpec[] {
  const panel = (buffer: string, verb: Verb): HeatPanelSpec => ({
    id: `${buffer} ${verb}`,
    tensor: buffer,
    look: buffer,
    counts: true,
    notes,
    titles: [verb, verb === 'read' ? '→' : '←'],
    rows: rowAxis(buffer),
    columns: columnAxis(buffer),
    made(recording, at) {
      const slice = sliceAt(recording, buffer, at);
      return slice && { values: countsOf(recording.trace, buffer, verb, slice) };
    },
  });
  const verbsOf = ({ buffer, loads, stores }: Touch): Verb[] => {
    const isInput = run.plan.buffers.find(({ name }) => name === buffer)?.role === 'input';
    const everRead = loads.some((count) => count > 0);
    const everWritten = stores.some((count) => count > 0);
    return [
      ...(everRead ? ['read' as const] : []),
      ...(everWritten && !(everRead && isInput) ? ['written' as const] : []),
    ];
  };
  return inTensorOrder(run.trace.touches ?? [], ({ buffer }) => buffer).flatMap((touch) =>
    verbsOf(touch).map((verb) => panel(touch.buffer, verb)),
  );
}

type Span = readonly [number, number];

/** The tile of the present step, where it is of this head. */
function runningTile(run: Recording, tick: number, at: Where): Record<string, Span> | null {
  if (tick === 0) return null;
  const { batch, head } = headOf(at);
  const { visits, visitOfStep, tileRows, tileColumns } = tileIndexOf(run);
  const visit = visitOfStep[tick - 1] ?? -1;
  if (visit < 0 || visits.batch[visit] !== batch || visits.head[visit] !== head) return null;
  const dispatch = visits.dispatch[visit]!;
  const [q0, k0] = [visits.q0[visit]!, visits.k0[visit]!];
  return {
    row: [q0, q0 + Math.max(tileRows[dispatch]!, 1)],
    key: [k0, k0 + Math.max(tileColumns[dispatch]!, 1)],
  };
}

/** Rows and keys of this head that the selection is about. */
function linkedTokens({ run, place, following }: PictureState, at: Where): Record<string, Span> | null {
  const chosen = following ? null : place;
  const region = regionOf(run, chosen);
  const own = isIn(region, headOf(at)) ? { rows: region.rows, keys: region.keys } : null;
  const linked = own ?? spanOfWorkgroup(run, chosen, headOf(at));
  return linked && { ...(linked.rows && { row: linked.rows }), ...(linked.keys && { key: linked.keys }) };
}

/** 'K was read 8 times per element (mean), at most 16.' for the tensor read most often. */
function wordsOf({ panels, specs }: PlacedHeat): string {
  const read = panels.flatMap(({ letter, values }, i) =>
    specs[i]!.id.endsWith(' read') ? [{ letter, ...spreadOf(values) }] : [],
  );
  if (read.length === 0) return 'No touches were recorded.';
  if (read.every(({ least, most }) => least === 1 && most === 1)) return 'Every element was read exactly once.';
  const top = read.reduce((a, b) => (b.mean > a.mean ? b : a));
  const uneven = read.find(({ least, most }) => least !== most);
  const first = `Each element of ${top.letter} was read ${top.mean.toFixed(1)} times on average, at most ${exactText(top.most)}.`;
  if (!uneven) return `${first} Within a tensor every element was read equally often.`;
  const { letter, least, most } = uneven;
  return `${first} Not evenly: elements of ${letter} were read between ${exactText(least)} and ${exactText(most)} times.`;
}

function statusOf({ panels, specs, selected }: PlacedHeat): string {
  if (!selected || selected.column === null) return '';
  const { panel, row, column } = selected;
  const { tensor } = specs[panel]!;
  const counts = panels.flatMap(({ values, columns }, i) => {
    const { id, tensor: own } = specs[i]!;
    return own === tensor ? [`${id.split(' ')[1]} ${plural(values[row * columns + column]!, 'time')}`] : [];
  });
  return `${tensor}[${row}, ${column}]: ${counts.join(', ')}`;
}

export const reuse = heat({
  id: 'reuse',
  title: 'Reuse',
  about:
    'One picture per tensor of the picked head, one cell per number (rows are tokens). The lighter a cell, the more often the kernel went to HBM for it during the whole run. An ideal kernel reads everything once; small tiles mean many returns.',
  nothing: ({ trace }) =>
    trace.touches ? null : 'Touches were not recorded in this run, so there is nothing to draw here.',
  panels: panelsOf,
  picks: HEAD_PICKS,
  follow(run, tick, place) {
    const chosen = regionOf(run, place);
    if (chosen) return { batch: chosen.batch, head: chosen.heads[0] };
    const { batch, head } = followedRow(run, tick);
    return { batch, head };
  },
  extents(run, at) {
    const slices = (run.trace.touches ?? []).flatMap(({ buffer }): [string, number][] => {
      const slice = sliceAt(run, buffer, at);
      return slice
        ? [
            [rowAxis(buffer), slice.rows],
            [columnAxis(buffer), slice.columns],
          ]
        : [];
    });
    const { batch, head } = scoreExtents(run, at);
    return { ...Object.fromEntries(slices), batch: batch!, head: head! };
  },
  regions(state, at) {
    const [now, linked] = [runningTile(state.run, state.tick, at), linkedTokens(state, at)];
    return [
      ...(now ? [{ on: now, kind: 'now' as const }] : []),
      ...(linked ? [{ on: linked, kind: 'linked' as const }] : []),
    ];
  },
  placeOf(run, { tensor }, at, row, column) {
    const { offset, rowStride } = sliceAt(run, tensor!, at)!;
    return elementPlace(run.plan.buffers.find(({ name }) => name === tensor)!, offset + row * rowStride + column);
  },
  cellOf({ run, place }, { tensor }, at) {
    const [slice, spec] = [sliceAt(run, tensor!, at), run.plan.buffers.find(({ name }) => name === tensor)];
    const index = slice && spec ? elementIndex(spec, place) : null;
    if (!slice || index === null) return null;
    return {
      row: Math.floor((index - slice.offset) / slice.rowStride),
      column: (index - slice.offset) % slice.rowStride,
    };
  },
  shared: true,
  timeless: true,
  hint: 'Click an element to read its count.',
  words: wordsOf,
  status: statusOf,
  table: ({ panels, specs }) => ({
    columns: [
      { id: 'tensor', title: 'Tensor' },
      { id: 'verb', title: 'Access' },
      { id: 'elements', title: 'Elements' },
      { id: 'mean', title: 'Mean times' },
      { id: 'least', title: 'Fewest' },
      { id: 'most', title: 'Most' },
    ],
    rows: panels.map(({ values }, i) => {
      const { mean, least, most } = spreadOf(values);
      const [buffer, verb] = specs[i]!.id.split(' ') as [string, string];
      return [buffer, verb, values.length, Number(mean.toFixed(2)), least, most];
    }),
  }),
});
