// What the exhibit reads of a run's settings, and which channel its pictures are about.

import type { Where } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { startedLast } from '../../exhibit/started-last.ts';

export type ScanSettings = Record<'batch' | 'dim' | 'dstate' | 'seqlen' | 'groups' | 'chunk' | 'scan', number> & {
  mode: 's6' | 's4';
  task: string;
  discretization: 'euler' | 'zoh';
};

export const settingsOf = ({ config }: Recording) => config as ScanSettings;

/** Axes of the tensors, by name; B and C of a run as they were given. */
export function axesOf(run: Recording, name: string): readonly string[] {
  if (name === 'A') return ['channel', 'state'];
  if (name !== 'B' && name !== 'C') return ['batch', 'channel', 'time'];
  const { length } = run.inputs[name]!.shape;
  if (length === 2) return ['channel', 'state'];
  return length === 3 ? ['batch', 'state', 'time'] : ['batch', 'group', 'state', 'time'];
}

export function scanExtents(run: Recording) {
  const { batch, dim, dstate, seqlen } = settingsOf(run);
  return { batch, channel: dim, state: dstate, time: seqlen, chunk: Math.max(chunksOf(run), 1) };
}

export const isParallel = ({ variant }: Recording) => variant === 'hillis-steele' || variant === 'blelloch';

/** Chunks of the run; 0 where the variant has none. */
export function chunksOf(run: Recording): number {
  const { seqlen, chunk } = settingsOf(run);
  return run.variant === 'chunked' ? Math.ceil(seqlen / Math.min(chunk, seqlen)) : 0;
}

/** Columns before which a chunk (of the chunked scan) or a tile (of a parallel scan) begins. */
export function bordersOf(run: Recording): number[] {
  const { seqlen, chunk, scan } = settingsOf(run);
  const every = run.variant === 'chunked' ? chunk : isParallel(run) ? scan : seqlen;
  return Array.from({ length: Math.max(Math.ceil(seqlen / every) - 1, 0) }, (_, i) => (i + 1) * every);
}

/** What tells how far a channel is. */
export const CURRENT = ['h', 'step'];

/** The channel that started last. */
export const followedChannel = (run: Recording, tick: number): Where =>
  startedLast(run, CURRENT, ['batch', 'channel'], tick);
