// (recordings, tick) → bytes moved, this run up to the tick beside the other variants' whole runs.

import { buffersOf, bytesAt, indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { Ink, Pattern } from '../../pens/pen.ts';
import type { TrafficBar, TrafficScene, TrafficSegment } from './traffic-bars.ts';

/** How a mechanism's buffers and variants look and are called. */
export interface TrafficNames {
  lookOf(buffer: string): { letter: string; colour: Ink; pattern: Pattern | 'solid'; title: string };
  variants: Record<string, string>;
}

function barsOf(
  recording: Recording,
  tick: number,
  current: boolean,
  { lookOf, variants }: TrafficNames,
): TrafficBar[] {
  const { trace, variant } = recording;
  const index = indexOfTrace(trace);
  return (['storage', 'workgroup'] as const).map((space) => {
    let inAll = 0;
    const segments = buffersOf(trace, space).flatMap((buffer): TrafficSegment[] => {
      const { name } = trace.buffers[buffer]!;
      const now = bytesAt(index, buffer, tick);
      const all = bytesAt(index, buffer, index.steps);
      inAll += all.read + all.written;
      const { letter, colour, pattern } = lookOf(name);
      const bytes = now.read + now.written;
      return bytes === 0
        ? []
        : [{ buffer: name, letter, ink: colour, pattern: pattern === 'solid' ? null : pattern, bytes }];
    });
    const memory = space === 'storage' ? ('HBM' as const) : ('SRAM' as const);
    return { run: variants[variant] ?? variant, memory, segments, inAll, current };
  });
}

export function trafficScene(
  recording: Recording,
  tick: number,
  selection: Place | null,
  others: readonly Recording[],
  names: TrafficNames,
): TrafficScene {
  return {
    bars: [
      ...barsOf(recording, tick, true, names),
      ...others.flatMap((other) => barsOf(other, other.trace.steps.length, false, names)),
    ],
    selected: selection?.kind === 'buffer' ? selection.buffer : null,
  };
}

/** Bytes a run moved between storage and its kernels. */
export function hbmBytes({ trace }: Recording): number {
  const storage = new Set(trace.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
  return trace.totals
    .filter(({ buffer }) => storage.has(buffer))
    .reduce((sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes, 0);
}
