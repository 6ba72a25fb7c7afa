// Turns the recorder's probes into tables: one row per passing of a `//: probe a b c` line, one column per probed value.

import type { Trace } from '#gpu/trace/trace.ts';

export interface ProbeTable {
  rows: number;
  /** Index into `trace.steps`. */
  step: Uint32Array;
  invocation: Uint32Array;
  /** Recorded values, parallel to `step`, in the order of the names asked for. */
  values: Float32Array[];
}

type Probe = NonNullable<Trace['probes']>[number];

function isParallel(a: Probe, b: Probe): boolean {
  if (a.step === b.step && a.invocation === b.invocation) return true;
  if (a.step.length !== b.step.length) return false;
  for (let i = 0; i < a.step.length; i++) {
    if (a.step[i] !== b.step[i] || a.invocation[i] !== b.invocation[i]) return false;
  }
  return true;
}

/**
 * The tables of every probe line that recorded all of `names`, joined into one and sorted by step. Values of one line stand
 * in parallel lists; lists that are not parallel belong to different lines and are never paired.
 */
export function probeTable(trace: Trace, names: readonly string[]): ProbeTable {
  const probes = trace.probes ?? [];
  const lines: Probe[][] = [];
  for (const [at, first] of probes.entries()) {
    if (first.name !== names[0]) continue;
    // The values of one line follow its first; looking only onward keeps two lines of the same names apart.
    const onward = probes.slice(at);
    const line = names.map((name) => onward.find((probe) => probe.name === name && isParallel(first, probe)));
    if (line.every((probe): probe is Probe => probe !== undefined)) lines.push(line);
  }
  const rows = lines.reduce((sum, line) => sum + line[0]!.step.length, 0);
  const step = new Uint32Array(rows);
  const invocation = new Uint32Array(rows);
  const values = names.map(() => new Float32Array(rows));
  let at = 0;
  for (const line of lines) {
    step.set(line[0]!.step, at);
    invocation.set(line[0]!.invocation, at);
    for (const [column, probe] of line.entries()) values[column]!.set(probe.values, at);
    at += line[0]!.step.length;
  }
  return sortedByStep({ rows, step, invocation, values });
}

function sortedByStep(table: ProbeTable): ProbeTable {
  let sorted = true;
  for (let i = 1; i < table.rows && sorted; i++) sorted = table.step[i - 1]! <= table.step[i]!;
  if (sorted) return table;
  const order = Uint32Array.from({ length: table.rows }, (_, i) => i);
  order.sort((a, b) => table.step[a]! - table.step[b]! || a - b);
  return {
    rows: table.rows,
    step: Uint32Array.from(order, (i) => table.step[i]!),
    invocation: Uint32Array.from(order, (i) => table.invocation[i]!),
    values: table.values.map((column) => Float32Array.from(order, (i) => column[i]!)),
  };
}
