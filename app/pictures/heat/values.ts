// The picture "values over two axes" from a description: which panels, of which axes, for what is picked.

import type { Extents, Where } from '#gpu/trace/held.ts';
import { mostOf } from '../../exhibit/known.ts';
import type { Pick, Picture, PictureState } from '../../exhibit/picture.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewTable } from '../../exhibit/view.ts';
import { exactText } from '../../words/quantities.ts';
import { drawCells, hitCells, layoutCells, type ValueCellsScene, type ValuePanel } from './value-cells.ts';

export interface ValuePanelSpec {
  id: string;
  title: string;
  note: string;
  /** Values at a tick, row-major over the rows and columns of the picture; see ValuePanel. */
  at(run: Recording, at: Where, tick: number): Float32Array;
  /** Ends of its colours. Absent: as far from 0 as this run comes, both ways. */
  scale?: { from: number; to: number };
}

export interface HeatSpec {
  id: string;
  title: string;
  about: string;
  nothing?(run: Recording): string | null;
  /** The two axes, and what their indices are called. */
  rows: { axis: string; title: string; words?(run: Recording, at: Where): readonly string[] | undefined };
  columns: HeatSpec['rows'];
  /** Extents of all axes, for what is picked. */
  extents(run: Recording, at: Where): Extents;
  /** Where the picture is while nothing is selected: picked axes, and a row. */
  follow?(run: Recording, tick: number): Where;
  /** Axes of which one index is shown at a time. */
  picks: readonly { axis: string; label: string; first?: number }[];
  panels: readonly ValuePanelSpec[];
  /** Said of a row, behind the value: 'm 1.2, ℓ 3.4'. */
  ofRow?(run: Recording, at: Where, row: number, tick: number): string;
  words(scene: HeatScene, state: PictureState): string;
}

export interface HeatScene extends ValueCellsScene {
  at: Where;
  extents: Extents;
}

const MOST_TABLE_ROWS = 2000;
const WALK: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** What the selection says, or what the picture follows. */
function chosenAt({ picks, follow }: HeatSpec, { run, tick, place }: PictureState): Where {
  const chosen = place?.kind === 'at' && place.tensor === undefined ? place.at : {};
  if (picks.every(({ axis }) => chosen[axis] !== undefined)) return chosen;
  return { ...follow?.(run, tick), ...chosen };
}

function pickedAt({ picks, extents }: HeatSpec, run: Recording, chosen: Where): Where {
  const first = Object.fromEntries(picks.map(({ axis }) => [axis, 0]));
  const most = extents(run, first);
  return Object.fromEntries(picks.map(({ axis }) => [axis, clampIndex(chosen[axis] ?? 0, most[axis] ?? 1)]));
}

/** Ends of the colours over all runs drawn side by side, at the end of each: they hold still while it plays. */
function scaleOf(panel: ValuePanelSpec, { run, together = [run] }: PictureState, at: Where): ValuePanel['scale'] {
  if (panel.scale) return panel.scale;
  const most = Math.max(...together.map((other) => mostOf(panel.at(other, at, other.trace.steps.length))));
  return { from: -(most || 1), to: most || 1 };
}

const scales = new WeakMap<Recording, Map<string, ValuePanel['scale']>>();

/** Kept for a run as long as the same stand beside it. */
function keptScale(panel: ValuePanelSpec, state: PictureState, at: Where): ValuePanel['scale'] {
  const known = scales.get(state.run) ?? new Map<string, ValuePanel['scale']>();
  scales.set(state.run, known);
  const key = JSON.stringify([panel.id, Object.entries(at), state.together?.map(({ id }) => id)]);
  const scale = known.get(key) ?? scaleOf(panel, state, at);
  known.set(key, scale);
  return scale;
}

function sceneOf(spec: HeatSpec, state: PictureState): HeatScene {
  const { run, tick, names } = state;
  const chosen = chosenAt(spec, state);
  const at = pickedAt(spec, run, chosen);
  const extents = spec.extents(run, at);
  const [rows, columns] = [extents[spec.rows.axis]!, extents[spec.columns.axis]!];
  const row = chosen[spec.rows.axis];
  const column = chosen[spec.columns.axis];
  return {
    ...{ at, extents, rows, columns, rowTitle: spec.rows.title, columnTitle: spec.columns.title },
    rowLabels: spec.rows.words?.(run, at),
    columnLabels: spec.columns.words?.(run, at),
    panels: spec.panels.map((panel): ValuePanel => {
      const { letter, colour } = names.lookOf(panel.id);
      const { id, title, note } = panel;
      return {
        ...{ id, title, note, letter, ink: colour, scale: keptScale(panel, state, at) },
        values: panel.at(run, at, tick),
      };
    }),
    selected:
      row === undefined
        ? null
        : {
            row: clampIndex(row, rows),
            column: column === undefined ? null : clampIndex(column, columns),
            panel: 0,
          },
  };
}

/** A value, or why there is none. */
export function cellText(value: number): string {
  if (Number.isNaN(value)) return 'not yet';
  if (value === Number.NEGATIVE_INFINITY) return 'hidden';
  return Number.isFinite(value) ? Number(value.toPrecision(6)).toString() : 'not a finite number';
}

const named = (labels: readonly string[] | undefined, index: number) =>
  labels?.[index] === undefined ? String(index) : `${index} “${labels[index]}”`;

function statusOf(spec: HeatSpec, scene: HeatScene, { run, tick }: PictureState): string {
  if (!scene.selected) return '';
  const { row, column } = scene.selected;
  const ofRow = spec.ofRow?.(run, scene.at, row, tick) ?? '';
  const where = `${spec.rows.title} ${named(scene.rowLabels, row)}`;
  if (column === null) return ofRow && `${where}: ${ofRow}`;
  const values = scene.panels.map(
    ({ title, values: all }) => `${title} ${cellText(all[row * scene.columns + column]!)}`,
  );
  const said = `${where}, ${spec.columns.title} ${named(scene.columnLabels, column)}: ${values.join(', ')}`;
  return ofRow ? `${said}; ${ofRow}` : said;
}

/** A line per cell; where that is too much, of the selected row alone. */
function tableOf(spec: HeatSpec, scene: HeatScene): ViewTable {
  const { rows, columns, panels, selected, rowLabels, columnLabels } = scene;
  const whole = rows * columns <= MOST_TABLE_ROWS;
  const only = selected?.row ?? 0;
  const lines = whole ? rows * columns : columns;
  const first = whole ? 0 : only * columns;
  return {
    ...(!whole && { caption: `${spec.rows.title} ${named(rowLabels, only)} of ${exactText(rows)}` }),
    columns: [
      { id: 'row', title: spec.rows.title },
      ...(rowLabels ? [{ id: 'row word', title: `Word of the ${spec.rows.title}` }] : []),
      { id: 'column', title: spec.columns.title },
      ...(columnLabels ? [{ id: 'column word', title: `Word of the ${spec.columns.title}` }] : []),
      ...panels.map(({ id, title }) => ({ id, title, numeric: true })),
    ],
    rows: Array.from({ length: lines }, (_, i) => {
      const [row, column] = [Math.floor((first + i) / columns), (first + i) % columns];
      return [
        row,
        ...(rowLabels ? [rowLabels[row] ?? ''] : []),
        column,
        ...(columnLabels ? [columnLabels[column] ?? ''] : []),
        ...panels.map(({ values }) => {
          const value = values[first + i]!;
          return Number.isFinite(value) ? value : cellText(value);
        }),
      ];
    }),
    omitted: rows * columns - lines,
  };
}

export function heat(spec: HeatSpec): Picture<HeatScene> {
  const { id, title, about, nothing, words } = spec;
  const placeOf = (scene: HeatScene, row: number, column: number): Place => ({
    kind: 'at',
    at: { ...scene.at, [spec.rows.axis]: row, [spec.columns.axis]: column },
  });
  return {
    ...{ id, title, about, nothing, words },
    kind: 'heat map',
    hint: 'Click a cell, or walk with the arrows, to read its value.',
    scene: (state) => sceneOf(spec, state),
    draw: drawCells,
    hit(scene, { width, height }, { x, y }) {
      const hit = hitCells(scene, layoutCells(scene, width, height), x, y);
      return hit && placeOf(scene, hit.row, hit.column);
    },
    walk(scene, _place, key) {
      const step = WALK[key];
      if (!step || scene.rows * scene.columns === 0) return null;
      const { row, column } = scene.selected ?? { row: 0, column: null };
      if (column === null) return placeOf(scene, row, 0);
      return placeOf(scene, clampIndex(row + step[0], scene.rows), clampIndex(column + step[1], scene.columns));
    },
    status: (scene, state) => statusOf(spec, scene, state),
    table: (scene) => tableOf(spec, scene),
    legend: () => [
      { id: 'ahead', words: 'not computed yet', pattern: { kind: 'hatch', ink: '--line-strong' }, frame: '--line' },
      { id: 'hidden', words: 'hidden by the mask', pattern: { kind: 'dots', ink: '--tensor-mask' }, frame: '--line' },
    ],
    picks: (scene): Pick[] =>
      spec.picks.map((pick) => ({ ...pick, count: scene.extents[pick.axis] ?? 1, at: scene.at[pick.axis]! })),
  };
}
