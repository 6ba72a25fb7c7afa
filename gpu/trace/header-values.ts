// What a file's header may say, told by its kind; and the error that names what is not as it has to be.

import { EngineError } from '../core/errors.ts';

const LONGEST_NAME = 200;

/** @param field what is not as it has to be: a key of the header, or a column */
export function badRecording(field: string, why: string, value?: unknown, limit?: unknown): EngineError {
  return new EngineError('bad-file', `${field} ${why}`, { field, value, limit });
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isCount = (value: unknown, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
export const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;
