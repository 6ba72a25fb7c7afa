// What the touch maps say about reuse: how many distinct words were used, and how often each.

import type { Trace } from './trace.ts';

export interface Footprint {
  buffer: string;
  /** Distinct bytes read, written, and either. */
  loadedBytes: number;
  storedBytes: number;
  touchedBytes: number;
  /** Loads per distinct loaded word; 0 when nothing was loaded. */
  meanReuse: number;
  mostLoads: number;
  /** histogram[n] = words loaded exactly n times, n from 0; the last entry takes the rest. */
  histogram: number[];
}

/** Footprints of every buffer with a touch map; empty when touches were not recorded. */
export function footprintsOf(trace: Trace, histogramLength = 32): Footprint[] {
  return (trace.touches ?? []).map(({ buffer, loads, stores }) => {
    const histogram = new Array<number>(histogramLength).fill(0);
    let loaded = 0;
    let stored = 0;
    let touched = 0;
    let sum = 0;
    let mostLoads = 0;
    for (let word = 0; word < loads.length; word++) {
      const n = loads[word]!;
      histogram[Math.min(n, histogramLength - 1)]!++;
      if (n > 0) loaded++;
      if (stores[word]! > 0) stored++;
      if (n > 0 || stores[word]! > 0) touched++;
      sum += n;
      mostLoads = Math.max(mostLoads, n);
    }
    return {
      buffer,
      loadedBytes: 4 * loaded,
      storedBytes: 4 * stored,
      touchedBytes: 4 * touched,
      meanReuse: loaded === 0 ? 0 : sum / loaded,
      mostLoads,
      histogram,
    };
  });
}
