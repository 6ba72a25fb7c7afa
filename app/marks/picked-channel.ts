// Which channel of which sequence the pictures are about, and at which time step. The choice is the shared selection.

import type { Recording, Selection } from '../mechanisms/view.ts';
import { channelRecord, NEVER, sizesOf } from './channel-record.ts';
import { indexOfTrace } from './recording-index.ts';

export interface PickedChannel {
  batch: number;
  channel: number;
  /** null: no time step was picked. */
  time: number | null;
}

/** The selected channel (as `head` of a row selection) and time step; without one, channel 0 of the first sequence. */
export function pickedChannel(recording: Recording, selection: Selection | null): PickedChannel {
  const { batch, seqlen } = sizesOf(recording);
  const dim = Number(recording.config.dim ?? recording.config.heads ?? 1);
  if (selection?.kind !== 'row') return { batch: 0, channel: 0, time: null };
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
