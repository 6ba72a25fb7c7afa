// Traces between threads: plain metadata and transferable columns.

import { EngineError } from '../core/errors.ts';
import { RecordedTrace, type TraceMeta } from './recorded-trace.ts';
import type { Columns } from './steps.ts';
import type { Trace } from './trace.ts';

export interface PackedTrace {
  meta: TraceMeta;
  columns: Columns;
}

/** @throws EngineError bad-input for a trace that did not come from a recording */
export function packTrace(trace: Trace): PackedTrace {
  if (trace instanceof RecordedTrace) return { meta: trace.meta, columns: trace.columns };
  throw new EngineError('bad-input', 'only a recorded trace can be packed', { field: 'trace' });
}

export function unpackTrace({ meta, columns }: PackedTrace): RecordedTrace {
  return new RecordedTrace(meta, columns);
}
