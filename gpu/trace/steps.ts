// Steps as a lazy view over columns: an object is made when a step is looked at. A run has up to tens of thousands of steps;
// objects for all of them would take a second to pass between threads.

import type { Site } from '../wgsl/text/recorder-contract.ts';
import type { Step, StepAccess } from './trace.ts';

export type Columns = Record<string, Uint32Array | Float32Array>;

const column = (columns: Columns, name: string) => columns[name] as Uint32Array;

/** Accesses of step `i`. */
export function accessesAt(columns: Columns, i: number): StepAccess[] {
  const start = column(columns, 'step.access');
  const accesses: StepAccess[] = [];
  for (let row = start[i]!; row < start[i + 1]!; row++)
    accesses.push({
      buffer: column(columns, 'access.buffer')[row]!,
      loads: column(columns, 'access.loads')[row]!,
      stores: column(columns, 'access.stores')[row]!,
      atomics: column(columns, 'access.atomics')[row]!,
      loadBytes: column(columns, 'access.loadBytes')[row]!,
      storeBytes: column(columns, 'access.storeBytes')[row]!,
      first: column(columns, 'access.first')[row]!,
      last: column(columns, 'access.last')[row]!,
    });
  return accesses;
}

/** Step `i` as an object. `sites` holds each dispatch's site table. */
export function stepAt(columns: Columns, sites: readonly Site[][], i: number): Step {
  const dispatch = column(columns, 'step.dispatch')[i]!;
  const site = column(columns, 'step.site')[i]!;
  const { lines, name } = sites[dispatch]![site]!;
  return {
    dispatch,
    workgroup: column(columns, 'step.workgroup')[i]!,
    phase: column(columns, 'step.phase')[i]!,
    site,
    visit: column(columns, 'step.visit')[i]!,
    ticket: column(columns, 'step.ticket')[i]!,
    lines,
    ...(name !== undefined && { name }),
    accesses: accessesAt(columns, i),
  };
}

/** All steps, in the order of `columns`, as a read-only array that makes its elements on demand. */
export function stepList(columns: Columns, sites: readonly Site[][]): ReadonlyArray<Step> {
  const length = columns['step.site']!.length;
  const made = new Map<number, Step>();
  const at = (i: number): Step => {
    let step = made.get(i);
    if (!step) {
      step = stepAt(columns, sites, i);
      // Scrubbing looks at a few steps again and again; a sweep over all of them should not keep them alive.
      if (made.size > 1024) made.clear();
      made.set(i, step);
    }
    return step;
  };
  return new Proxy<Step[]>([], {
    get(target, key, receiver) {
      if (key === 'length') return length;
      if (typeof key === 'string' && /^\d+$/.test(key)) return Number(key) < length ? at(Number(key)) : undefined;
      return Reflect.get(target, key, receiver);
    },
    has: (target, key) =>
      typeof key === 'string' && /^\d+$/.test(key) ? Number(key) < length : Reflect.has(target, key),
    ownKeys: () => [...Array.from({ length }, (_, i) => String(i)), 'length'],
    getOwnPropertyDescriptor: (target, key) =>
      typeof key === 'string' && /^\d+$/.test(key) && Number(key) < length
        ? { value: at(Number(key)), enumerable: true, configurable: true, writable: false }
        : key === 'length'
          ? { ...Reflect.getOwnPropertyDescriptor(target, 'length')! }
          : undefined,
    set: () => false,
    deleteProperty: () => false,
  });
}
