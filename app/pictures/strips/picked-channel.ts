// Which channel of which sequence the pictures are about, and at which time step. The choice is the shared selection.

import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Selection } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { channelRecord, mostOf, NEVER, sizesOf } from './channel-record.ts';

export interface PickedChannel {
  batch: number;
  channel: number;
  /** null: no time step was picked. */
  time: number | null;
}

interface Start {
  step: number;
  batch: number;
  channel: number;
  /** Largest magnitude of its state. */
  most: number;
}

const starts = new WeakMap<Recording, Start[]>();

/** When channels started to move on, in order; of those that started in one step, the one whose state grows largest. */
function startsOf(recording: Recording): Start[] {
  const known = starts.get(recording);
  if (known) return known;
  const { batch, dim } = sizesOf(recording);
  const first = new Map<number, Start>();
  for (let row = 0; row < batch * dim; row++) {
    const [sequence, channel] = [Math.floor(row / dim), row % dim];
    const { h, step, deltaStep } = channelRecord(recording, sequence, channel);
    let began = NEVER;
    for (const at of step) began = Math.min(began, at);
    if (began === NEVER) for (const at of deltaStep) began = Math.min(began, at);
    const most = mostOf(h);
    const before = first.get(began);
    if (began !== NEVER && (!before || most > before.most))
      first.set(began, { step: began, batch: sequence, channel, most });
  }
  const list = [...first.values()].sort((a, b) => a.step - b.step);
  starts.set(recording, list);
  return list;
}

/**
 * The selected channel (as `head` of a row selection) and time step. Without one the channel that started last, so that the picture
 * goes along with the run and never back.
 */
export function pickedChannel(recording: Recording, selection: Selection | null, tick: number): PickedChannel {
  const { batch, seqlen } = sizesOf(recording);
  const dim = Number(recording.config.dim ?? recording.config.heads ?? 1);
  if (selection?.kind !== 'row') {
    if (recording.config.dim === undefined) return { batch: 0, channel: 0, time: null };
    const all = startsOf(recording);
    const { batch: sequence, channel } = all.findLast(({ step }) => step < tick) ?? all[0] ?? { batch: 0, channel: 0 };
    return { batch: sequence, channel, time: null };
  }
  return {
    batch: Math.min(selection.batch, batch - 1),
    channel: Math.min(selection.head, dim - 1),
    time: Math.min(selection.row, seqlen - 1),
  };
}

/** The time step that the run had last reached for this channel after `tick` steps; null before the first. */
export function timeReached(recording: Recording, batch: number, channel: number, tick: number): number | null {
  const { deltaStep, step, length } = channelRecord(recording, batch, channel);
  const last = indexOfTrace(recording.trace).steps;
  if (tick === 0 || last === 0) return null;
  let reached: number | null = null;
  let latest = -1;
  for (let i = 0; i < step.length; i++) {
    const at = step[i]!;
    if (at === NEVER || at >= tick || at < latest) continue;
    latest = at;
    reached = i % length;
  }
  if (reached !== null) return reached;
  for (let t = 0; t < length; t++) if (deltaStep[t]! < tick && deltaStep[t] !== NEVER) reached = t;
  return reached;
}
