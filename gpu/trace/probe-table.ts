// Turns the recorder's probes into tables: one row per passing of a `//: probe a b c` line, one column per probed value.

import type { Trace } from '#gpu/trace/trace.ts';

export interface ProbeTable {
  rows: number;
  /** Index into `trace.steps`; ascending. */
  step: Uint32Array;
  invocation: Uint32Array;
  /** Recorded values, parallel to `step`, in the order of the names asked for. */
  values: Float32Array[];
}

type Probe = NonNullable<Trace['probes']>[number];

const EMPTY = { step: new Uint32Array(0), invocation: new Uint32Array(0), values: new Float32Array(0) };

function isParallel(a: Probe, b: Probe): boolean {
  if (a.step.length !== b.step.length) return false;
  for (let i = 0; i < a.step.length; i++) {
    if (a.step[i] !== b.step[i] || a.invocation[i] !== b.invocation[i]) return false;
  }
  return true;
}

/** Tables made so far: scenes ask for the same ones every frame, and joining lists takes a while. */
const made = new WeakMap<Trace, Map<string, ProbeTable>>();

/**
 * Everything recorded under all of `names` together. A name's values stand in one list over all probe lines, in the order of
 * steps and invocations; where a name is probed elsewhere too, the n-th value of an invocation in a step goes with the n-th.
 */
export function probeTable(trace: Trace, names: readonly string[]): ProbeTable {
  const tables = made.get(trace) ?? new Map<string, ProbeTable>();
  made.set(trace, tables);
  const key = names.join(' ');
  const table = tables.get(key) ?? tableOf(trace, names);
  tables.set(key, table);
  return table;
}

function tableOf(trace: Trace, names: readonly string[]): ProbeTable {
  const lists = names.map((name) => trace.probes?.find((probe) => probe.name === name));
  if (!lists.every((list): list is Probe => list !== undefined) || lists.length === 0) {
    return { rows: 0, step: EMPTY.step, invocation: EMPTY.invocation, values: names.map(() => EMPTY.values) };
  }
  const [first, ...rest] = lists as [Probe, ...Probe[]];
  if (rest.every((list) => isParallel(first, list))) {
    const { step, invocation } = first;
    return { rows: step.length, step, invocation, values: lists.map(({ values }) => values) };
  }
  return joined(first, rest);
}

function joined(first: Probe, rest: Probe[]): ProbeTable {
  const places = rest.map(placesOf);
  const count = new Map<string, number>();
  const kept: { row: number; others: number[] }[] = [];
  for (let row = 0; row < first.step.length; row++) {
    const key = `${first.step[row]} ${first.invocation[row]}`;
    const nth = count.get(key) ?? 0;
    count.set(key, nth + 1);
    const others = places.map((place) => place.get(key)?.[nth]);
    if (others.every((other): other is number => other !== undefined)) kept.push({ row, others });
  }
  return {
    rows: kept.length,
    step: Uint32Array.from(kept, ({ row }) => first.step[row]!),
    invocation: Uint32Array.from(kept, ({ row }) => first.invocation[row]!),
    values: [
      Float32Array.from(kept, ({ row }) => first.values[row]!),
      ...rest.map(({ values }, i) => Float32Array.from(kept, ({ others }) => values[others[i]!]!)),
    ],
  };
}

/** (step, invocation) → rows of `probe`, in order. */
function placesOf(probe: Probe): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let row = 0; row < probe.step.length; row++) {
    const key = `${probe.step[row]} ${probe.invocation[row]}`;
    const list = places.get(key);
    if (list) list.push(row);
    else places.set(key, [row]);
  }
  return places;
}
