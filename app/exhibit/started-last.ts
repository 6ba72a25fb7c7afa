// Which of several channels a picture goes along with while nothing is selected: the one that started last, so that it follows the run and
// never goes back.

import { type FoundTable, NEVER, tablesOf, type Where } from '#gpu/trace/held.ts';
import type { Recording } from './recording.ts';

interface Start {
  step: number;
  /** Largest magnitude of its values. */
  most: number;
  at: number[];
}

const kept = new WeakMap<Recording, Map<string, Start[]>>();

/** Takes in the rows of a table: when each place on the axes was first recorded, and its largest value. */
function takeIn(starts: Map<string, Start>, { table, value, coordinates }: FoundTable, axes: readonly string[]): void {
  for (const { values, along } of value) {
    for (let row = 0; row < table.step.length; row++) {
      const at = axes.map((axis, i) => (coordinates[i]?.[row] ?? 0) + (axis === along?.axis ? along.offset : 0));
      const key = at.join(' ');
      const start = starts.get(key) ?? { step: NEVER, most: 0, at };
      starts.set(key, start);
      start.step = Math.min(start.step, table.step[row]!);
      const size = Math.abs(values[row]!);
      if (size > start.most && size < Number.POSITIVE_INFINITY) start.most = size;
    }
  }
}

/** When places on the axes began, in order; of those that began in one step, the one whose values grow largest, then the first. */
function startsOf(run: Recording, values: readonly string[], axes: readonly string[]): Start[] {
  const ofRun = kept.get(run) ?? new Map<string, Start[]>();
  kept.set(run, ofRun);
  const key = [...values, '', ...axes].join(' ');
  const known = ofRun.get(key);
  if (known) return known;
  const all = new Map<string, Start>();
  for (const value of values) {
    const own = new Map<string, Start>();
    for (const table of tablesOf(run.trace, value, axes)) takeIn(own, table, axes);
    // A later name speaks only for places that those before it say nothing of, and not of how large they grow.
    for (const [place, start] of own)
      if (!all.has(place)) all.set(place, value === values[0] ? start : { ...start, most: 0 });
  }
  const first = new Map<number, Start>();
  for (const start of [...all.values()].sort((a, b) => inOrder(a.at, b.at))) {
    const before = first.get(start.step);
    if (!before || start.most > before.most) first.set(start.step, start);
  }
  const starts = [...first.values()].sort((a, b) => a.step - b.step);
  ofRun.set(key, starts);
  return starts;
}

function inOrder(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((index, axis) => index !== b[axis]);
  return i < 0 ? 0 : a[i]! - b[i]!;
}

/**
 * @param values recorded names: the first that a place has tells when it started
 * @param axes whose index is wanted
 */
export function startedLast(run: Recording, values: readonly string[], axes: readonly string[], tick: number): Where {
  const starts = startsOf(run, values, axes);
  const last = starts.findLast(({ step }) => step < tick) ?? starts[0];
  return Object.fromEntries(axes.map((axis, i) => [axis, last?.at[i] ?? 0]));
}
