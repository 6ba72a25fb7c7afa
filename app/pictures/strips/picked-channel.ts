// Which channel of which sequence the pictures are about, and at which time step. The choice is the shared selection.

import { NEVER } from '#gpu/trace/held.ts';
import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import { type Coordinates, clampIndex, coordinateOf, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { channelRecord, mostOf, sizesOf } from './channel-record.ts';

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

/** What the mechanism calls what it has several of: heads where it has no channels of their own. */
const channelAxis = ({ config }: Recording) => (config.dim === undefined ? 'head' : 'channel');

/** Extents of the axes that these places are on. */
export function channelExtents(recording: Recording): Coordinates {
  const { batch, seqlen } = sizesOf(recording);
  const { dim, heads } = recording.config;
  return { batch, [channelAxis(recording)]: Number(dim ?? heads ?? 1), time: seqlen };
}

export function channelPlace(recording: Recording, { batch, channel, time }: PickedChannel): Place {
  return { kind: 'at', at: { batch, [channelAxis(recording)]: channel, time: time ?? 0 } };
}

/**
 * The selected channel (or head, where the mechanism has those) and time step. Without one the channel that started last, so that the
 * picture goes along with the run and never back.
 */
export function pickedChannel(recording: Recording, selection: Place | null, tick: number): PickedChannel {
  const axis = channelAxis(recording);
  const extents = channelExtents(recording);
  const [batch, channel, time] = ['batch', axis, 'time'].map((each) => {
    const at = coordinateOf(selection, each);
    return at === null ? null : clampIndex(at, extents[each]!);
  }) as [number | null, number | null, number | null];
  if (channel !== null) return { batch: batch ?? 0, channel, time };
  if (axis === 'head') return { batch: batch ?? 0, channel: 0, time };
  const all = startsOf(recording);
  const followed = all.findLast(({ step }) => step < tick) ?? all[0] ?? { batch: 0, channel: 0 };
  return { batch: batch ?? followed.batch, channel: followed.channel, time };
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
