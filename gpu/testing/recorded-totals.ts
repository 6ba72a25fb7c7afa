// Test code: what the recorder counted on a primitive's run, against the closed form.

import { expect } from 'vitest';
import type { Mechanism, Totals } from '../mechanisms/mechanism.ts';
import type { Engine } from '../runtime/api.ts';
import type { Trace } from '../trace/trace.ts';

/** Runs with a trace; expects equal counts for every buffer and none besides, and a traced output equal to the plain one. */
export async function expectRecordedTotals(
  engine: Engine,
  mechanism: Mechanism,
  raw: object,
  variant = mechanism.variants[0]!.id,
): Promise<Trace> {
  const { trace } = await engine.run({ mechanism: mechanism.id, variant, config: raw }, { trace: true });
  const label = `${mechanism.id}/${variant} ${JSON.stringify(raw)}`;
  if (!trace) throw new Error(`${label}: no trace`);
  expectTotals(label, trace, mechanism.cost(variant, mechanism.resolve(raw), engine.adapter.limits));
  const meant = new Set(mechanism.steps.map(({ id }) => id));
  for (const { name } of trace.steps) expect(meant, `${label}: step ${name}`).toContain(name);
  return trace;
}

/** Equal counts for every buffer and none besides, whole, none past an end, and a traced output equal to the plain one. */
export function expectTotals(label: string, trace: Trace, { buffers, events }: Totals): void {
  const row = ({ buffer, loads, stores, loadBytes, storeBytes }: (typeof buffers)[number]) => [
    buffer,
    { loads, stores, loadBytes, storeBytes },
  ];
  const touched = trace.totals.filter(({ loads, stores, atomics }) => loads + stores + atomics > 0);
  expect(Object.fromEntries(touched.map(row)), label).toEqual(Object.fromEntries(buffers.map(row)));
  if (events) expect(trace.events, label).toEqual(events);
  expect(trace.matchesPlain, label).toBe(true);
  expect(trace.truncated, label).toBe(false);
  expect(trace.outOfBounds, `${label}: past the end`).toEqual([]);
  for (const total of touched) {
    const sum = (direction: 'loads' | 'stores') =>
      trace.steps
        .flatMap(({ accesses }) => accesses)
        .filter(({ buffer }) => trace.buffers[buffer]!.name === total.buffer)
        .reduce((all, access) => all + access[direction], 0);
    expect([sum('loads'), sum('stores')], `${label}: steps of ${total.buffer}`).toEqual([total.loads, total.stores]);
  }
}
