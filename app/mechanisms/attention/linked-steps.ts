// Which steps belong to a selection made in another view. Only the timeline asks.

import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import { stepColumns } from '#gpu/trace/step-columns.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { bufferOf, type Region, regionOf } from './links.ts';
import { tileIndexOf } from './tile-index.ts';

const cache = new WeakMap<Recording['trace'], { key: string; steps: Uint8Array | null }>();

/** Per step, 1 where it belongs to the selection; null when nothing is selected or everything would belong. */
export function linkedSteps(recording: Recording, selection: Place | null): Uint8Array | null {
  if (!selection) return null;
  const key = JSON.stringify(selection);
  const known = cache.get(recording.trace);
  if (known?.key === key) return known.steps;
  const steps = findSteps(recording, selection);
  cache.set(recording.trace, { key, steps });
  return steps;
}

function findSteps(recording: Recording, selection: Place): Uint8Array | null {
  const { trace } = recording;
  const index = indexOfTrace(trace);
  const linked = new Uint8Array(index.steps);
  const mark = (belongs: (step: number) => boolean) => {
    for (let step = 0; step < linked.length; step++) if (belongs(step)) linked[step] = 1;
    return linked;
  };
  const region = regionOf(recording, selection);
  if (region) {
    const { visitOfStep } = tileIndexOf(recording);
    const within = visitsIn(recording, region);
    return mark((step) => visitOfStep[step]! >= 0 && within[visitOfStep[step]!] === 1);
  }
  if (selection.kind === 'workgroup') {
    const { dispatch, workgroup } = selection;
    return mark((step) => index.dispatch[step] === dispatch && index.workgroup[step] === workgroup);
  }
  if (selection.kind === 'line') {
    // Lines belong to sites, of which there are few; one step of each is looked at.
    const bySite = new Map<number, boolean>();
    return mark((step) => {
      const site = index.dispatch[step]! * 2 ** 32 + index.site[step]!;
      let covers = bySite.get(site);
      if (covers === undefined) {
        const { dispatch, lines } = trace.steps[step]!;
        const here = trace.dispatches[dispatch]?.kernel === selection.kernel;
        covers = here && lines.some(([from, to]) => selection.line >= from && selection.line <= to);
        bySite.set(site, covers);
      }
      return covers;
    });
  }
  const touched = bufferOf(selection);
  if (touched !== null) {
    const buffer = trace.buffers.findIndex(({ name }) => name === touched);
    const columns = stepColumns(trace);
    return mark((step) => {
      for (let row = columns.accessStart[step]!; row < columns.accessStart[step + 1]!; row++) {
        if (columns.buffer[row] === buffer && columns.loads[row]! + columns.stores[row]! > 0) return true;
      }
      return false;
    });
  }
  return null;
}

/** Per visit, 1 where its tile overlaps the region. */
function visitsIn(recording: Recording, { batch, heads, rows, keys }: Region): Uint8Array {
  const { visits, tileRows, tileColumns } = tileIndexOf(recording);
  const overlaps = (start: number, size: number, span: [number, number] | null) =>
    span === null || (start < span[1] && start + Math.max(size, 1) > span[0]);
  return Uint8Array.from({ length: visits.count }, (_, i) => {
    if (visits.batch[i] !== batch || visits.head[i]! < heads[0] || visits.head[i]! >= heads[1]) return 0;
    const dispatch = visits.dispatch[i]!;
    const inRows = overlaps(visits.q0[i]!, tileRows[dispatch]!, rows);
    return inRows && overlaps(visits.k0[i]!, tileColumns[dispatch]!, keys) ? 1 : 0;
  });
}
