// Recordings of version 1 kept a list for every recorded name, over all lines of all kernels. What a line had recorded together is put
// together again here, from the kernels' own `//: probe` lines, as well as the lists allow.

import { findMarkers } from '../wgsl/text/markers.ts';
import { NO_STEP } from './decode.ts';
import { RecordCollector, type RecordRows } from './record-tables.ts';
import type { TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';

export type TraceMeta1 = Omit<TraceMeta, 'version' | 'records'> & { version: 1; probes?: string[] };

/** A list of version 1, or the part of it that one kernel recorded. */
interface NamedList {
  name: string;
  step: Uint32Array;
  invocation: Uint32Array;
  values: Float32Array;
}

/** The same trace as version 2. Columns that stay are shared. */
export function fromVersion1({ probes, ...meta }: TraceMeta1, columns: Columns): { meta: TraceMeta; columns: Columns } {
  const kept = Object.fromEntries(Object.entries(columns).filter(([name]) => !name.startsWith('probe.')));
  if (!probes) return { meta: { ...meta, version: 2, records: undefined }, columns: kept };
  const lists = probes.map((name) => ({
    name,
    step: columns[`probe.${name}.step`] as Uint32Array,
    invocation: columns[`probe.${name}.invocation`] as Uint32Array,
    values: columns[`probe.${name}.values`] as Float32Array,
  }));
  const collector = new RecordCollector();
  for (const [kernel, source] of Object.entries(meta.sources)) {
    const own = lists.map((list) => ofKernel(list, kernel, meta, columns)).filter(({ step }) => step.length > 0);
    const left = new Map(own.map((list) => [list.name, list]));
    for (const { line, names } of linesOf(source, [...left.keys()])) {
      const { rows, rest } = together(names.map((name) => left.get(name)!));
      if (rows.step.length === 0) continue;
      for (const list of rest) left.set(list.name, list);
      collector.add({ kernel, line, values: names, at: [] }, rows, 0);
    }
  }
  return { columns: kept, meta: { ...meta, version: 2, records: collector.into(kept) } };
}

/** The `//: probe` lines and the lists they wrote into; first those that share fewest with others, which are told apart best. */
function linesOf(source: string, lists: readonly string[]): { line: number; names: string[] }[] {
  const lines = findMarkers(source).flatMap((marker) => {
    if (marker.kind !== 'record') return [];
    const names = marker.values.flatMap(({ name: value }) => lists.filter((name) => isOf(name, value)));
    return names.length === 0 ? [] : [{ line: marker.line, names }];
  });
  const most = (names: string[]) =>
    Math.min(...names.map((name) => lines.filter((each) => each.names.includes(name)).length));
  return lines.sort((a, b) => most(a.names) - most(b.names));
}

/** Whether a list is of this value, or of a component of it. */
function isOf(name: string, value: string): boolean {
  return name === value || (name.startsWith(`${value}.`) && /^[xyzw]$/.test(name.slice(value.length + 1)));
}

/** What one kernel recorded. Without steps nothing tells whose a row is: then it is everybody's. */
function ofKernel(
  list: NamedList,
  kernel: string,
  { dispatches }: Pick<TraceMeta, 'dispatches'>,
  columns: Columns,
): NamedList {
  const dispatchOf = columns['step.dispatch']!;
  const rows = Array.from(list.step.keys()).filter((row) => {
    const step = list.step[row]!;
    return step === NO_STEP || dispatches[dispatchOf[step]!]!.kernel === kernel;
  });
  return rows.length === list.step.length ? list : picked(list, rows);
}

function picked({ name, step, invocation, values }: NamedList, rows: readonly number[]): NamedList {
  return {
    name,
    step: Uint32Array.from(rows, (row) => step[row]!),
    invocation: Uint32Array.from(rows, (row) => invocation[row]!),
    values: Float32Array.from(rows, (row) => values[row]!),
  };
}

/**
 * Rows in which all of the lists have a value. A list may hold what another line of the kernel recorded under the same name: then the n-th
 * value of an invocation in a step goes with the n-th.
 */
function together(lists: readonly NamedList[]): { rows: RecordRows; rest: NamedList[] } {
  // The shortest has least of other lines.
  const first = lists.reduce((shortest, list) => (list.step.length < shortest.step.length ? list : shortest));
  const { step, invocation } = first;
  if (lists.every((list) => isParallel(first, list)))
    return {
      rows: { step, invocation, columns: lists.map(({ values }) => values) },
      rest: lists.map((list) => picked(list, [])),
    };
  const places = lists.map(placesOf);
  const met = new Map<string, number>();
  const kept: number[][] = [];
  for (let row = 0; row < step.length; row++) {
    const key = `${step[row]} ${invocation[row]}`;
    const nth = met.get(key) ?? 0;
    met.set(key, nth + 1);
    const rows = places.map((place) => place.get(key)?.[nth]);
    if (rows.every((each) => each !== undefined)) kept.push(rows);
  }
  const parts = lists.map((list, i) =>
    picked(
      list,
      kept.map((rows) => rows[i]!),
    ),
  );
  const rest = lists.map((list, i) => {
    const taken = new Set(kept.map((rows) => rows[i]));
    return picked(
      list,
      Array.from(list.step.keys()).filter((row) => !taken.has(row)),
    );
  });
  return {
    rows: { step: parts[0]!.step, invocation: parts[0]!.invocation, columns: parts.map(({ values }) => values) },
    rest,
  };
}

function isParallel(a: NamedList, b: NamedList): boolean {
  if (a.step.length !== b.step.length) return false;
  for (let i = 0; i < a.step.length; i++)
    if (a.step[i] !== b.step[i] || a.invocation[i] !== b.invocation[i]) return false;
  return true;
}

/** (step, invocation) → rows, in order. */
function placesOf({ step, invocation }: NamedList): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let row = 0; row < step.length; row++) {
    const key = `${step[row]} ${invocation[row]}`;
    const rows = places.get(key);
    if (rows) rows.push(row);
    else places.set(key, [row]);
  }
  return places;
}
