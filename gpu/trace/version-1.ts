// Recordings of version 1 kept a list for every recorded name, over all lines of all kernels. What a line had recorded together is put
// together again here, from the kernels' own `//: probe` lines, as well as the lists allow.

import { findMarkers, type RecordedValue } from '../wgsl/text/markers.ts';
import { NO_STEP } from './decode.ts';
import { RecordCollector, type RecordHead, type RecordRows } from './record-tables.ts';
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
    const all = new Map(own.map((list) => [list.name, list]));
    const left = new Map(all);
    for (const { head, lists: names, borrowed } of linesOf(kernel, source, [...all.keys()])) {
      const { rows, rest } = together([
        ...names.map((name) => left.get(name)!),
        ...borrowed.map((name) => all.get(name)!),
      ]);
      if (rows.step.length === 0) continue;
      for (const list of rest.slice(0, names.length)) left.set(list.name, list);
      collector.add(head, rows, 0);
    }
  }
  return { columns: kept, meta: { ...meta, version: 2, records: collector.into(kept) } };
}

interface FormerLine {
  head: RecordHead;
  /** The lists it wrote into, and those it takes its place from: together the columns of its table. */
  lists: string[];
  borrowed: string[];
}

/**
 * The record lines of a kernel whose lists are there; first those that share fewest with others, which are told apart best. A line without
 * a place that goes on with a value of another line stands where that one does.
 */
function linesOf(kernel: string, source: string, lists: readonly string[]): FormerLine[] {
  const markers = findMarkers(source).filter((marker) => marker.kind === 'record');
  const lines = markers.map(({ line, values, at }): FormerLine => {
    const before = markers.find((other) => other.at.length > 0 && goesOn(values, other.values));
    const own = values.flatMap((value) => columnsOf(value, lists));
    const places = (at.length > 0 ? at : (before?.at ?? [])).flatMap((value) => columnsOf(value, lists));
    const borrowed = at.length > 0 ? [] : places.map(({ list }) => list);
    const written = [...own, ...places].map(({ list }) => list);
    const names = written.slice(0, written.length - borrowed.length);
    return {
      // What is borrowed is another line's: it counts as written once.
      head: {
        kernel,
        line,
        values: own.map(({ name }) => name),
        at: places.map(({ name }) => name),
        written: [...names, ...borrowed.map(() => '')],
      },
      lists: names,
      borrowed,
    };
  });
  const shared = ({ lists: names }: FormerLine) =>
    Math.min(...names.map((name) => lines.filter((each) => each.lists.includes(name)).length));
  return lines.filter((each) => each.lists.length > 0).sort((a, b) => shared(a) - shared(b));
}

function goesOn(values: readonly RecordedValue[], before: readonly RecordedValue[]): boolean {
  return values.some(({ name, along }) => along && before.some((each) => each.along && each.name === name));
}

/** The columns of a value: the lists of it, or of its components. */
function columnsOf({ name, paths, along }: RecordedValue, lists: readonly string[]): { name: string; list: string }[] {
  const components = paths.flatMap(({ text }) =>
    ['', '.x', '.y', '.z', '.w'].flatMap((suffix) => (lists.includes(text + suffix) ? [{ text, suffix }] : [])),
  );
  return components.map(({ text, suffix }, i) => ({
    name: along ? `${name}[${along.axis}+${along.from + i}]` : name + suffix,
    list: text + suffix,
  }));
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
