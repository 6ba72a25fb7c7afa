// A recording with its steps in another order: what hangs on a step goes with it. Counts, values, touches and tickets stay what was recorded.

import { NO_STEP } from './decode.ts';
import { packTrace } from './pack.ts';
import { RecordedTrace } from './recorded-trace.ts';
import type { Columns } from './steps.ts';
import type { Trace } from './trace.ts';

/**
 * @param from new place → old place, for every step
 * @throws EngineError bad-input for a trace that did not come from a recorder
 */
export function reordered(trace: Trace, from: Uint32Array): RecordedTrace {
  const { meta, columns } = packTrace(trace);
  const to = new Uint32Array(from.length);
  from.forEach((old, step) => {
    to[old] = step;
  });
  return new RecordedTrace(meta, { ...columns, ...stepsOf(columns, from), ...rowsByStep(columns, to) });
}

/** The columns of steps, and those of their accesses, which lie one step after the other. */
function stepsOf(columns: Columns, from: Uint32Array): Columns {
  const start = columns['step.access']!;
  const starts = new Uint32Array(start.length);
  const rows = new Uint32Array(start.at(-1)!);
  let at = 0;
  from.forEach((old, step) => {
    for (let row = start[old]!; row < start[old + 1]!; row++) rows[at++] = row;
    starts[step + 1] = at;
  });
  const moved: Columns = {};
  for (const [name, column] of Object.entries(columns)) {
    if (name === 'step.access') moved[name] = starts;
    else if (name.startsWith('step.')) moved[name] = taken(column, from);
    else if (name.startsWith('access.')) moved[name] = taken(column, rows);
  }
  return moved;
}

/** Tables whose rows name a step, ascending: those of records, and the log. */
function rowsByStep(columns: Columns, to: Uint32Array): Columns {
  const moved: Columns = {};
  for (const [name, step] of Object.entries(columns)) {
    const [, table] = /^(record\.\d+|log)\.step$/.exec(name) ?? [];
    if (table === undefined) continue;
    const steps = Uint32Array.from(step, (old) => (old === NO_STEP ? NO_STEP : to[old]!));
    const rows = sortedRows(steps, to.length);
    for (const [other, column] of Object.entries(columns))
      if (other.startsWith(`${table}.`)) moved[other] = taken(other === name ? steps : column, rows);
  }
  return moved;
}

/** Rows by their step, those of no step last; rows of one step stay as they stood. Counted, since there can be millions. */
function sortedRows(steps: Uint32Array, length: number): Uint32Array {
  const placeOf = (step: number) => Math.min(step, length);
  const next = new Uint32Array(length + 2);
  for (const step of steps) next[placeOf(step) + 1]! += 1;
  for (let step = 1; step < next.length; step++) next[step]! += next[step - 1]!;
  const rows = new Uint32Array(steps.length);
  steps.forEach((step, row) => {
    rows[next[placeOf(step)]!++] = row;
  });
  return rows;
}

const taken = <Column extends Uint32Array | Float32Array>(column: Column, rows: Uint32Array): Column =>
  column.constructor === Float32Array
    ? (Float32Array.from(rows, (row) => column[row]!) as Column)
    : (rows.map((row) => column[row]!) as Column);
