// What the page asks the recorder for: steps, touches and records, and the details of runs that are small enough for them.

import type { TraceOptions } from '#gpu/trace/trace.ts';
import type { PreparedRun } from './prepared-run.ts';

/** Records of `//: detail` lines that a run may make: 28 bytes each in the recording, 36 on the device. 256 × 256 scores of four heads. */
export const MOST_DETAILS = 2 ** 19;

export function whatToRecord({ mechanism, config }: Pick<PreparedRun, 'mechanism' | 'config'>): true | TraceOptions {
  const details = mechanism.details?.(config) ?? 0;
  return details > 0 && details <= MOST_DETAILS ? { details: true } : true;
}
