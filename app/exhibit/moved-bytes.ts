// What a run moved, and how that compares with the other variants on the same input.

import { bytesText } from '../words/quantities.ts';
import type { Recording } from './recording.ts';

/** Bytes a run moved between storage and its kernels. */
export function hbmBytes({ trace }: Recording): number {
  const storage = new Set(trace.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  return trace.totals
    .filter(({ buffer }) => storage.has(buffer))
    .reduce((sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes, 0);
}

/** ', 4.2 times as much as unfused with 1.2 MB': beside the first of `wanted` that ran, else any other variant; '' without one. */
export function besideText(
  run: Recording,
  others: readonly Recording[],
  names: Readonly<Record<string, string>>,
  wanted: readonly string[] = [],
): string {
  const beside = others.filter(({ variant }) => variant !== run.variant);
  const other = beside.find(({ variant }) => wanted.includes(variant)) ?? beside[0];
  if (!other) return '';
  const [own, its] = [hbmBytes(run), hbmBytes(other)];
  const [ratio, word] = own >= its ? [own / its, 'as much as'] : [its / own, 'less than'];
  const times = ratio < 1.05 ? 'about as much as' : `${ratio.toFixed(1)} times ${word}`;
  return `, ${times} ${names[other.variant] ?? other.variant} with ${bytesText(its)}`;
}
