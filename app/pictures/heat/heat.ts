// The picture "tensors as heat maps": a panel per tensor, a cell per number, for one head or sequence at a time. What is drawn at a tick is
// what was known by then.

import type { Extents, Where } from '#gpu/trace/held.ts';
import { type Known, knownAt, knownOf, type Source } from '../../exhibit/known.ts';
import type { Names } from '../../exhibit/names.ts';
import { pastEndSentence, timesPastOf } from '../../exhibit/past-end.ts';
import { allExtents, pickedAxes, pickersOf } from '../../exhibit/picked-axes.ts';
import type { PickedAxis, Picture, PictureState } from '../../exhibit/picture.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewTable } from '../../exhibit/view.ts';
import { IN_ROW, type Walk } from '../../exhibit/walk-keys.ts';
import { mostOf } from '../../words/magnitude.ts';
import {
  drawHeatBase,
  drawHeatLive,
  type HeatCell,
  type HeatPanel,
  type HeatRegion,
  type HeatScale,
  type HeatScene,
  hitHeat,
  layoutHeat,
} from './heat-map.ts';
import { overSameAxes, statusOf, tableOf } from './heat-words.ts';

export type HeatPanelSpec = Source & {
  /** One of the picture; names the tensor in places. */
  id: string;
  tensor?: string;
  /** Whose look it has; its own id's where absent. */
  look?: string;
  /** Longest first: the first that has room is written. */
  titles: readonly string[];
  notes?(values: Float32Array, scale: HeatScale): readonly string[];
  rows: string;
  /** Absent where it has one number per row. */
  columns?: string;
  /** False for values that are never negative. */
  signed?: boolean;
  /** Ends of its colours where they are not those of the run's own values, and those never within 1: values of either sign where `from` is below 0. */
  scale?: { from: number; to: number };
  /** Whole numbers, of which 0 is "never". */
  counts?: true;
  /** So many values a row comes to: once it has them, what else there is of it is shut out. */
  chosen?(run: Recording): number;
  /** Names of the axes, where rows and columns have numbers or words. */
  axes?: { rows: string; columns?: string };
};

export interface PlacedHeat extends HeatScene {
  run: Recording;
  at: Where;
  extents: Extents;
  specs: readonly HeatPanelSpec[];
  called: Readonly<Record<string, string>>;
  /** Changes with everything that no tick changes; null where a tick changes the cells. */
  key: string | null;
}

export interface HeatSpec {
  id: string;
  title: string;
  about: string;
  nothing?(run: Recording): string | null;
  panels: readonly HeatPanelSpec[] | ((run: Recording) => readonly HeatPanelSpec[]);
  /** Axes of which one index is shown at a time, outermost first. */
  picks: readonly PickedAxis[];
  /** Where they are not the exhibit's. */
  extents?(run: Recording, at: Where): Extents;
  /** What is shown of the picked axes, and which row is marked, while nothing is selected; the first index and none where absent. */
  follow?(run: Recording, tick: number, place: Place | null): Where;
  /** Words along an axis. */
  labels?(run: Recording, axis: string, at: Where): readonly string[] | undefined;
  /** Stretches of axes: where the run is, and what a selection made elsewhere is about. */
  regions?(
    state: PictureState,
    at: Where,
  ): readonly { on: Readonly<Record<string, readonly [number, number]>>; kind: HeatRegion['kind'] }[];
  /** Where the selected element is, if a place names it otherwise than by the axes of its panel. */
  cellOf?(state: PictureState, panel: HeatPanelSpec, at: Where): { row: number; column: number } | null;
  placeOf?(run: Recording, panel: HeatPanelSpec, at: Where, row: number, column: number): Place;
  shared?: true;
  timeless?: true;
  /** What an index of an axis is called, where that is not the axis's name. */
  called?: Readonly<Record<string, string>>;
  /** Set where values may be shut out (−∞ of a source that goes on changing): said in the legend. */
  shutOut?: string;
  /** Said of a selected row, behind its values: 'm 1.2, ℓ 3.4'. */
  ofRow?(run: Recording, at: Where, row: number, tick: number): string;
  words(scene: PlacedHeat, state: PictureState): string;
  status?(scene: PlacedHeat, state: PictureState): string;
  table?(scene: PlacedHeat, state: PictureState): ViewTable;
  hint?: string;
}

const chosenPanels = new WeakMap<Recording, Map<HeatSpec, readonly HeatPanelSpec[]>>();

/** The panels of a run: the same objects each time, for what was read is kept by them. */
function panelsOf(spec: HeatSpec, run: Recording): readonly HeatPanelSpec[] {
  if (typeof spec.panels !== 'function') return spec.panels;
  const ofRun = chosenPanels.get(run) ?? new Map<HeatSpec, readonly HeatPanelSpec[]>();
  chosenPanels.set(run, ofRun);
  const panels = ofRun.get(spec) ?? spec.panels(run);
  ofRun.set(spec, panels);
  return panels;
}

const extentsIn = (spec: HeatSpec, run: Recording, names: Names, at: Where): Extents =>
  spec.extents?.(run, at) ?? allExtents(run, names, at);

type Read = Map<HeatPanelSpec, Known & { rows: number; columns: number }>;

function readAll(spec: HeatSpec, run: Recording, names: Names, at: Where): Read {
  const extents = extentsIn(spec, run, names, at);
  return new Map(
    panelsOf(spec, run).flatMap((panel) => {
      const { rows, columns } = panel;
      const own = { [rows]: extents[rows] ?? 1, ...(columns !== undefined && { [columns]: extents[columns] ?? 1 }) };
      const known = knownOf(run, panel, own, at);
      if (!known || known.count === 0 || known.values.length === 0) return [];
      const high = own[rows]!;
      return [[panel, { ...known, rows: high, columns: known.values.length / high }] as const];
    }),
  );
}

/** Ends of the colours of every panel, over the whole of all runs drawn side by side. */
function scalesOf(
  spec: HeatSpec,
  { run, names, together = [run] }: PictureState,
  at: Where,
  own: Read,
): Map<string, HeatScale> {
  const scales = new Map<string, HeatScale>();
  for (const other of together) {
    for (const [{ id, scale, signed = true, counts }, { values }] of other === run
      ? own
      : readAll(spec, other, names, at)) {
      const most = scale?.to ?? Math.max(scales.get(id)?.most ?? 1, mostOf(values));
      const isSigned = !counts && (scale ? scale.from < 0 : signed);
      const least = scale?.from ?? (counts ? 1 : isSigned ? -most : 0);
      scales.set(id, { least, most, signed: isSigned, counts: counts === true });
    }
  }
  if (spec.shared) {
    const most = Math.max(...[...scales.values()].map((scale) => scale.most));
    for (const [id, scale] of scales) scales.set(id, { ...scale, most, least: scale.signed ? -most : scale.least });
  }
  return scales;
}

function sceneOf(spec: HeatSpec, state: PictureState): PlacedHeat {
  const { run, tick, place, names } = state;
  const axes = spec.picks.map(({ axis }) => axis);
  const at = pickedAxes(axes, place, extentsIn(spec, run, names, {}), () => spec.follow?.(run, tick, place) ?? {});
  const read = readAll(spec, run, names, at);
  const scales = scalesOf(spec, state, at, read);
  const regions = spec.regions?.(state, at) ?? [];
  let isStill = true;
  const panels = [...read].map(([panel, known]): HeatPanel => {
    const { id, look = id, titles, notes, rows, columns = '', axes } = panel;
    const { letter, colour } = names.lookOf(look);
    const scale = scales.get(id)!;
    const past = panel.counts ? timesPastOf(run, panel.tensor ?? id) : 0;
    const own = regions.filter(({ on }) => on[rows] !== undefined || on[columns] !== undefined);
    isStill &&= known.step === undefined && known.after === undefined;
    return {
      id,
      letter,
      ink: colour,
      titles,
      axes,
      scale,
      rows: known.rows,
      columns: known.columns,
      notes: notes?.(known.values, scale) ?? [],
      ...(past > 0 && { past }),
      ...(panel.chosen && { out: spec.shutOut }),
      values: panel.chosen
        ? withoutOthers(knownAt(known, tick), known.columns, panel.chosen(run))
        : knownAt(known, tick),
      regions: own.map(({ on, kind }) => ({ rows: on[rows] ?? null, columns: on[columns] ?? null, kind })),
      rowWords: axes && spec.labels?.(run, rows, at),
      columnWords: axes && spec.labels?.(run, columns, at),
      framed: place?.kind === 'buffer' && (panel.tensor ?? id) === place.buffer,
    };
  });
  const specs = [...read.keys()];
  const selected = selectedCell(spec, state, at, specs, panels);
  const alike = specs.length > 0 && specs.every((own) => own.axes && overSameAxes(own, specs[0]!));
  const { called = {}, shared = false } = spec;
  return {
    run,
    panels,
    selected,
    at,
    specs,
    alike,
    called,
    shared,
    extents: extentsIn(spec, run, names, at),
    key: isStill
      ? JSON.stringify([run.id, at, [...scales.values()], panels.some(({ axes }) => axes) && selected])
      : null,
  };
}

/** −∞ in place of what is not known of a row that has all its values. */
function withoutOthers(values: Float32Array, columns: number, count: number): Float32Array {
  return values.map((value, i) => {
    if (!Number.isNaN(value)) return value;
    const first = i - (i % columns);
    const row = values.subarray(first, first + columns);
    return row.filter((each) => !Number.isNaN(each)).length === count ? Number.NEGATIVE_INFINITY : value;
  });
}

/** Where the selection is in the first panel that has it; while nothing is selected, the row that the picture follows. */
function selectedCell(
  spec: HeatSpec,
  state: PictureState,
  at: Where,
  specs: readonly HeatPanelSpec[],
  panels: readonly HeatPanel[],
): HeatCell | null {
  const { run, tick, place } = state;
  const isElement = place?.kind === 'at' && place.tensor !== undefined;
  const chosen = place?.kind === 'at' ? place.at : {};
  const isPicked = place?.kind === 'at' && spec.picks.every(({ axis }) => chosen[axis] !== undefined);
  const index: Where = isPicked ? chosen : { ...spec.follow?.(run, tick, place), ...chosen };
  for (const [panel, own] of specs.entries()) {
    if (isElement && place.tensor !== (own.tensor ?? own.id)) continue;
    const row = index[own.rows];
    const column = own.columns === undefined ? 0 : (index[own.columns] ?? null);
    const cell = spec.cellOf ? spec.cellOf(state, own, at) : row === undefined ? null : { row, column };
    const { rows, columns } = panels[panel]!;
    if (cell && cell.row >= 0 && cell.row < rows && (cell.column ?? 0) < columns) return { panel, ...cell };
  }
  return null;
}

const WALK: Walk = { ...IN_ROW, PageUp: [-10, 0], PageDown: [10, 0] };

/** Past the last column the walk goes on in the next panel, before the first in the one before; where all are alike it ends there. */
function moved({ panels, alike }: HeatScene, panel: number, row: number, column: number) {
  const { columns } = panels[panel]!;
  let to = panel;
  if (column === -1 && panel > 0 && !alike) to = panel - 1;
  if (column === columns && panel + 1 < panels.length && !alike) to = panel + 1;
  const there = panels[to]!;
  const wanted = to === panel ? column : to > panel ? 0 : there.columns - 1;
  return { panel: to, row: clampIndex(row, there.rows), column: clampIndex(wanted, there.columns) };
}

export function heat(spec: HeatSpec): Picture<PlacedHeat> {
  const { id, title, about, nothing, words, timeless, shutOut, ofRow } = spec;
  const status = (scene: PlacedHeat, { run, tick }: PictureState) =>
    statusOf(scene, scene.selected ? (ofRow?.(run, scene.at, scene.selected.row, tick) ?? '') : '');
  const placeAt = (scene: PlacedHeat, panel: number, row: number, column: number): Place => {
    const own = scene.specs[panel]!;
    if (spec.placeOf) return spec.placeOf(scene.run, own, scene.at, row, column);
    const at = { ...scene.at, [own.rows]: row, ...(own.columns !== undefined && { [own.columns]: column }) };
    return { kind: 'at', tensor: own.tensor ?? own.id, at };
  };
  return {
    id,
    title,
    about,
    nothing,
    words(scene, state) {
      // Counts of elements say nothing of accesses that missed them all.
      const past = scene.specs.some(({ counts }) => counts) ? pastEndSentence(state.run) : null;
      return past ? `${past} Here it is counted at the last element.` : words(scene, state);
    },
    timeless,
    kind: 'heat maps',
    hint: spec.hint ?? 'Click a cell, or walk with the arrows, to read its value.',
    scene: (state) => sceneOf(spec, state),
    base: {
      key: ({ key }) => key,
      draw: (pen, scene) => scene.key !== null && drawHeatBase(pen, scene),
    },
    draw(pen, scene) {
      if (scene.key === null) drawHeatBase(pen, scene);
      drawHeatLive(pen, scene);
    },
    hit(scene, { width, height }, { x, y }) {
      const hit = hitHeat(scene, layoutHeat(scene, width, height), x, y);
      return hit && placeAt(scene, hit.panel, hit.row, hit.column);
    },
    walk(scene, _place, key) {
      const step = WALK[key];
      if (!step || scene.panels.length === 0) return null;
      const { panel, row, column } = scene.selected ?? { panel: 0, row: 0, column: null };
      if (column === null) return placeAt(scene, panel, row, 0);
      const next = moved(scene, panel, row + step[0], column + step[1]);
      return placeAt(scene, next.panel, next.row, next.column);
    },
    status: spec.status ?? status,
    table: spec.table ?? tableOf,
    legend:
      shutOut === undefined
        ? undefined
        : () => [
            {
              id: 'ahead',
              words: 'not computed yet',
              pattern: { kind: 'hatch', ink: '--line-strong' },
              frame: '--line',
            },
            { id: 'shut', words: shutOut, pattern: { kind: 'dots', ink: '--tone-fixed' }, frame: '--line' },
          ],
    picks: (scene, state) => pickersOf(spec.picks, scene, state, spec.follow !== undefined),
  };
}
