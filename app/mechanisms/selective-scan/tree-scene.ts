// (recording, tick) → the combines of one state of one channel in one tile, round by round, as recorded.

import { rowsOf, tablesWith } from '#gpu/trace/record-rows.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { pickedChannel } from '../../pictures/strips/picked-channel.ts';
import type { ScanTreeScene, TreeEdge } from '../../pictures/tree/scan-tree.ts';
import { stepTitles } from './step-titles.ts';

export interface TreeFacts {
  /** Combines of the run so far, and in all, over all channels, states and tiles. */
  combines: number;
  inAll: number;
  /** Rounds of the tree on screen. */
  depth: number;
  tile: number;
  tiles: number;
}

interface Combine {
  step: number;
  start: number;
  left: number;
  right: number;
  key: string;
}

const combinesOf = new WeakMap<Recording, Map<string, Combine[]>>();

/** Combines by `batch channel n start`. */
function combines(recording: Recording): Map<string, Combine[]> {
  const known = combinesOf.get(recording);
  if (known) return known;
  const names = ['start', 'left', 'right', 'batch', 'channel', 'state'];
  const { count, step, columns } = rowsOf(tablesWith(recording.trace, names), names);
  const groups = new Map<string, Combine[]>();
  for (let i = 0; i < count; i++) {
    const [start, left, right, batch, channel, n] = columns.map((list) => list[i]!);
    const key = `${batch} ${channel} ${n} ${start}`;
    const list = groups.get(key) ?? [];
    list.push({ step: step[i]!, start: start!, left: left!, right: right!, key });
    groups.set(key, list);
  }
  combinesOf.set(recording, groups);
  return groups;
}

/** The tile a tick or a picked time step is in, the state (always the first), and the tree of it. */
export function treeScene(
  recording: Recording,
  tick: number,
  selection: Place | null,
): { scene: ScanTreeScene; facts: TreeFacts } {
  const { batch, channel, time } = pickedChannel(recording, selection, tick);
  const lanes = Number(recording.config.scan);
  const tiles = Math.ceil(Number(recording.config.seqlen) / lanes);
  const groups = combines(recording);
  const reached = [...Array(tiles).keys()].filter((i) => {
    const first = groups.get(`${batch} ${channel} 0 ${i * lanes}`)?.[0];
    return first !== undefined && first.step < Math.max(tick, 1);
  });
  const tile = time === null ? (reached.at(-1) ?? 0) : Math.floor(time / lanes);
  const own = groups.get(`${batch} ${channel} 0 ${tile * lanes}`) ?? [];
  const steps = [...new Set(own.map(({ step }) => step))].sort((a, b) => a - b);
  const edges = own.map(({ step, left, right }): TreeEdge => {
    const state = step >= tick ? 'later' : step === tick - 1 ? 'now' : 'done';
    return { round: steps.indexOf(step), left, right, state };
  });
  let done = 0;
  let all = 0;
  for (const list of groups.values()) {
    all += list.length;
    for (const { step } of list) if (step < tick) done++;
  }
  return {
    scene: {
      lanes,
      first: tile * lanes,
      rounds: steps.length,
      names: steps.map((step) => stepTitles[recording.trace.steps[step]!.name ?? ''] ?? ''),
      edges,
      selectedLane: time === null ? null : time - tile * lanes,
    },
    facts: { combines: done, inAll: all, depth: steps.length, tile, tiles },
  };
}
