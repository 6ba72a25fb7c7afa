// The picture "a parallel scan as a tree": the combines of one stretch of an axis, round by round, as recorded.

import { type Extents, tablesOf, type Where } from '#gpu/trace/held.ts';
import type { Offer } from '../../exhibit/offer.ts';
import { allExtents, pickedAxes, pickersOf } from '../../exhibit/picked-axes.ts';
import type { PickedAxis, Picture, PictureState } from '../../exhibit/picture.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { unrecordedText } from '../../exhibit/unrecorded.ts';
import { along } from '../../exhibit/walk-keys.ts';
import { drawTree, hitTree, type ScanTreeScene, type TreeEdge } from './scan-tree.ts';

export interface TreeSpec {
  id: string;
  title: string;
  about: string;
  nothing?(run: Recording): string | null;
  /** What would give it something to draw. */
  instead?: readonly Offer[];
  /** Axis that is scanned. */
  along: string;
  /** Lanes that one tree joins: a stretch of the axis. */
  lanes(run: Recording): number;
  /** What a line records at every combine: the lanes it joins, and on axis `from` where their stretch begins. */
  joins: { left: string; right: string; from: string };
  picks: readonly PickedAxis[];
  /** What is shown of other axes. */
  fixed: Where;
  follow(run: Recording, tick: number): Where;
  words(scene: TreeScene, state: PictureState): string;
}

export interface TreeScene extends ScanTreeScene {
  at: Where;
  extents: Extents;
  stretch: number;
  stretches: number;
  /** Combines so far, and in all, over everything that is not shown. */
  done: number;
  inAll: number;
}

interface Combine {
  step: number;
  left: number;
  right: number;
}

const kept = new WeakMap<Recording, Map<TreeSpec, Map<string, Combine[]>>>();

/** Combines by what is picked and where their stretch begins. */
function combinesOf(run: Recording, spec: TreeSpec): Map<string, Combine[]> {
  const ofRun = kept.get(run) ?? new Map<TreeSpec, Map<string, Combine[]>>();
  kept.set(run, ofRun);
  const known = ofRun.get(spec);
  if (known) return known;
  const { joins, fixed, picks } = spec;
  const axes = [...picks.map(({ axis }) => axis), ...Object.keys(fixed), joins.from];
  const groups = new Map<string, Combine[]>();
  for (const { table, value, coordinates } of tablesOf(run.trace, joins.left, axes)) {
    const right = table.columns[table.values.indexOf(joins.right)];
    if (!right) continue;
    for (let row = 0; row < table.step.length; row++) {
      const key = coordinates.map((column) => column![row]).join(' ');
      const list = groups.get(key) ?? [];
      groups.set(key, list);
      list.push({ step: table.step[row]!, left: value[0]!.values[row]!, right: right[row]! });
    }
  }
  for (const list of groups.values()) list.sort((a, b) => a.step - b.step);
  ofRun.set(spec, groups);
  return groups;
}

function sceneOf(spec: TreeSpec, { run, tick, place, names }: PictureState): TreeScene {
  const extents = allExtents(run, names);
  const chosen = place?.kind === 'at' ? place.at : {};
  const axes = spec.picks.map(({ axis }) => axis);
  const at = pickedAxes(axes, place, extents, () => spec.follow(run, tick));
  const lanes = spec.lanes(run);
  const stretches = Math.ceil(extents[spec.along]! / lanes);
  const groups = combinesOf(run, spec);
  const ofStretch = (stretch: number) =>
    groups.get([...spec.picks.map(({ axis }) => at[axis]), ...Object.values(spec.fixed), stretch * lanes].join(' ')) ??
    [];
  const index = chosen[spec.along];
  const begun = [...Array(stretches).keys()].filter((i) => (ofStretch(i)[0]?.step ?? Number.NaN) < Math.max(tick, 1));
  const stretch = index === undefined ? (begun.at(-1) ?? 0) : clampIndex(Math.floor(index / lanes), stretches);
  const own = ofStretch(stretch);
  const steps = [...new Set(own.map(({ step }) => step))];
  let [done, inAll] = [0, 0];
  for (const list of groups.values()) {
    inAll += list.length;
    for (const { step } of list) if (step < tick) done++;
  }
  return {
    at,
    extents,
    stretch,
    stretches,
    done,
    inAll,
    lanes,
    first: stretch * lanes,
    rounds: steps.length,
    names: steps.map((step) => names.steps[run.trace.steps[step]!.name ?? ''] ?? ''),
    edges: own.map(({ step, left, right }): TreeEdge => {
      const state = step >= tick ? 'later' : step === tick - 1 ? 'now' : 'done';
      return { round: steps.indexOf(step), left, right, state };
    }),
    selectedLane: index === undefined ? null : clampIndex(index - stretch * lanes, lanes),
  };
}

const WALK: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

export function tree(spec: TreeSpec): Picture<TreeScene> {
  const { id, title, about, nothing, instead, words } = spec;
  const placeOf = ({ at, first }: TreeScene, lane: number): Place => ({
    kind: 'at',
    at: { ...at, [spec.along]: first + lane },
  });
  return {
    id,
    title,
    about,
    nothing,
    instead,
    kind: 'scan tree',
    words: (scene, state) =>
      scene.inAll === 0 ? `Nothing to draw: ${unrecordedText(['its combines'])}.` : words(scene, state),
    scene: (state) => sceneOf(spec, state),
    draw: drawTree,
    hit(scene, { width }, { x }) {
      const lane = hitTree(scene, width, x);
      return lane === null ? null : placeOf(scene, lane);
    },
    walk(scene, _place, key) {
      const lane = along(WALK[key], scene.selectedLane, scene.lanes);
      return lane === null ? null : placeOf(scene, lane);
    },
    status: ({ selectedLane, first }) => (selectedLane === null ? '' : `Time step ${first + selectedLane}`),
    table: ({ edges, names, first }) => ({
      columns: [
        { id: 'round', title: 'Round' },
        { id: 'name', title: 'Step' },
        { id: 'left', title: 'Earlier' },
        { id: 'right', title: 'Later' },
        { id: 'state', title: 'Done' },
      ],
      rows: edges.map(({ round, left, right, state }) => [
        round + 1,
        names[round] ?? '',
        first + left,
        first + right,
        state === 'later' ? 'not yet' : 'yes',
      ]),
    }),
    picks: (scene, state) => pickersOf(spec.picks, scene, state, true),
  };
}
