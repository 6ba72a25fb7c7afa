// Test code: a recording as it would be had its kernels no line that puts this value on record.

import type { Trace } from '#gpu/trace/trace.ts';
import type { Recording } from '../recording.ts';

export function withoutRecord(run: Recording, value: string): Recording {
  const records = run.trace.records!.filter(
    ({ values }) => !values.some((name) => name === value || name.startsWith(`${value}[`)),
  );
  if (records.length === run.trace.records!.length) throw new Error(`${run.id} has no line that records ${value}`);
  return { ...run, trace: Object.create(run.trace, { records: { value: records } }) as Trace };
}
