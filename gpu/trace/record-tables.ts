// Record tables: one for each `//: record` line of the kernels that ran, all dispatches of the kernel in it. Their words stand in a trace's
// columns once; the tables, and the lists by name that `Trace.probes` gives, are views of them.

import { NO_STEP } from './decode.ts';
import type { Columns } from './steps.ts';
import type { RecordTable, Trace } from './trace.ts';

/** A table without its columns; plain JSON. */
export type RecordHead = Pick<RecordTable, 'kernel' | 'line' | 'values' | 'at'> & {
  /** Its columns as the kernel writes them; '' for one that is another line's (recordings of version 1). */
  written: string[];
};
/** A table's rows of one dispatch. `step` counts from the dispatch's first. */
export type RecordRows = Pick<RecordTable, 'step' | 'invocation' | 'columns'>;

const column = (table: number, part: number | 'step' | 'invocation') => `record.${table}.${part}`;

/** Collects the rows of a run's dispatches, which come in the order in which they ran. */
export class RecordCollector {
  private readonly found = new Map<string, { head: RecordHead; parts: (RecordRows & { firstStep: number })[] }>();

  add(head: RecordHead, rows: RecordRows, firstStep: number): void {
    const key = JSON.stringify(head);
    const table = this.found.get(key) ?? { head, parts: [] };
    this.found.set(key, table);
    table.parts.push({ ...rows, firstStep });
  }

  /** Puts everything into `columns`. @returns the tables' heads */
  into(columns: Columns): RecordHead[] {
    const tables = [...this.found.values()];
    tables.forEach(({ head, parts }, table) => {
      const rows = inStepOrder(joined(parts, head.values.length + head.at.length));
      columns[column(table, 'step')] = rows.step;
      columns[column(table, 'invocation')] = rows.invocation;
      rows.columns.forEach((values, i) => {
        columns[column(table, i)] = values;
      });
    });
    return tables.map(({ head }) => head);
  }
}

export function joined(parts: readonly (RecordRows & { firstStep: number })[], width: number): RecordRows {
  const length = parts.reduce((sum, { step }) => sum + step.length, 0);
  const step = new Uint32Array(length);
  const invocation = new Uint32Array(length);
  const columns = Array.from({ length: width }, () => new Float32Array(length));
  let at = 0;
  for (const part of parts) {
    part.step.forEach((own, row) => {
      step[at + row] = own === NO_STEP ? NO_STEP : own + part.firstStep;
    });
    invocation.set(part.invocation, at);
    part.columns.forEach((values, i) => {
      columns[i]!.set(values, at);
    });
    at += part.step.length;
  }
  return { step, invocation, columns };
}

/** By step, then invocation. Rows of one invocation in one step stay in the order in which it passed the lines. */
export function inStepOrder({ step, invocation, columns }: RecordRows): RecordRows {
  const before = (a: number, b: number) => step[a]! - step[b]! || invocation[a]! - invocation[b]!;
  let ordered = true;
  for (let row = 1; row < step.length && ordered; row++) ordered = before(row - 1, row) <= 0;
  if (ordered) return { step, invocation, columns };
  const order = Uint32Array.from(step, (_, row) => row).sort((a, b) => before(a, b) || a - b);
  return {
    step: step.map((_, row) => step[order[row]!]!),
    invocation: invocation.map((_, row) => invocation[order[row]!]!),
    columns: columns.map((values) => values.map((_, row) => values[order[row]!]!)),
  };
}

/** The tables over the columns that hold them. */
export function recordTables(heads: readonly RecordHead[], columns: Columns): RecordTable[] {
  return heads.map(({ written, ...head }, table) => ({
    ...head,
    step: columns[column(table, 'step')] as Uint32Array,
    invocation: columns[column(table, 'invocation')] as Uint32Array,
    columns: written.map((_, i) => columns[column(table, i)] as Float32Array),
  }));
}

/**
 * Every variable that was recorded, as the kernels write it, with all that was recorded of it, over all lines, by step and then invocation.
 */
export function probesOf(heads: readonly RecordHead[], tables: readonly RecordTable[]): NonNullable<Trace['probes']> {
  const byName = new Map<string, RecordRows[]>();
  tables.forEach(({ step, invocation, columns }, table) => {
    const { written } = heads[table]!;
    for (const name of new Set(written.filter((each) => each !== ''))) {
      const parts = byName.get(name) ?? [];
      byName.set(name, parts);
      parts.push({ step, invocation, columns: [columns[written.indexOf(name)]!] });
    }
  });
  return [...byName].map(([name, parts]) => {
    const whole = parts.map((part) => ({ ...part, firstStep: 0 }));
    const { step, invocation, columns } = parts.length === 1 ? parts[0]! : inStepOrder(joined(whole, 1));
    return { name, step, invocation, values: columns[0]! };
  });
}
