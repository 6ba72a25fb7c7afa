// What a tiled run moved more than once, and why: what can make it move more than standard attention. From the recorded counts alone.

import { TUNED } from '#gpu/mechanisms/attention/tuned-tiles.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { declaredWorkgroupBytes } from '../../words/numbers.ts';

export interface MovedAgain {
  /** A clause: 'keys and values are read again for every query tile'. */
  words: string;
  /** Whether larger tiles would move less of it again. */
  byTile: boolean;
}

/** Null where the counts of the run name no reason. */
export function movedAgain(recording: Recording): MovedAgain | null {
  if (recording.variant === 'flash-v1') return movedByKeyTiles(recording);
  if (recording.variant === TUNED && declaredWorkgroupBytes(recording.trace) === 0) return readUnshared(recording);
  const queryTiles = recording.trace.dispatches.at(-1)?.workgroups[0] ?? 0;
  if (queryTiles > 1 && timesRead(recording, ['k', 'v']) > 1)
    return { words: 'keys and values are read again for every query tile', byTile: true };
  return copies(recording);
}

/** flash-v1's order: the queries, their outputs and statistics pass by once for every key tile, after a first store of nothing. */
function movedByKeyTiles(recording: Recording): MovedAgain | null {
  if (timesRead(recording, ['q']) > 1)
    return { words: 'queries and outputs are read again for every key tile', byTile: true };
  const outputsRead = recording.trace.totals.some(({ buffer, loads }) => buffer === 'out' && loads > 0);
  if (!outputsRead) return null;
  return { words: 'outputs, sums and maxima are first stored empty, then read back and stored again', byTile: false };
}

/** The software forms stage nothing: what an invocation or a quad of them needs, each loads for itself, in a single tile too. */
function readUnshared(recording: Recording): MovedAgain | null {
  const queries = timesRead(recording, ['q']);
  const keys = timesRead(recording, ['k', 'v']);
  if (!(queries > 1 || keys > 1)) return copies(recording);
  return { words: `${readText(queries, keys)}, as none of them is kept on chip to be shared`, byTile: false };
}

function readText(queries: number, keys: number): string {
  if (queries === keys) return `queries, keys and values are read ${timesText(keys)}`;
  if (!(queries > 1)) return `keys and values are read ${timesText(keys)}`;
  const besides = keys > 1 ? ` and keys and values ${timesText(keys)}` : '';
  return `queries are read ${timesText(queries)}${besides}`;
}

/** Rows whose length is no multiple of four are copied to wider ones before the tuned kernel reads them. */
function copies({ trace }: Recording): MovedAgain | null {
  const padded = trace.totals.some(({ buffer, stores }) => buffer.endsWith('_padded') && stores > 0);
  return padded
    ? { words: 'queries, keys and values are first copied to rows of a length that the kernel can read', byTile: false }
    : null;
}

/** How often the kernel read each word of these tensors, on average over those it read; NaN where the words were not told apart. */
function timesRead({ trace }: Recording, tensors: readonly string[]): number {
  let [bytes, words] = [0, 0];
  for (const tensor of tensors) {
    const of = (name: string) => trace.totals.find(({ buffer }) => buffer === name);
    const total = of(`${tensor}_padded`) ?? of(tensor);
    bytes += total?.loadBytes ?? 0;
    words += total?.uniqueLoaded ?? 0;
  }
  return bytes / (4 * words);
}

function timesText(times: number): string {
  if (times === 2) return 'twice';
  return Number.isInteger(times) ? `${times} times` : `${times.toFixed(1)} times on average`;
}
