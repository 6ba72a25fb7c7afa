// What a caller hands over is taken as it stands when the call is made, so that changing it afterwards changes nothing.

import { requireOwnMemory } from './check-memory.ts';

/** Plain data nests no deeper than this; what does is left to the checks. */
const DEEPEST = 8;

/**
 * A copy of plain data, typed arrays with it: of those only the view's own part, not the whole file it may look into.
 *
 * @throws EngineError bad-input for an array whose memory is detached or shared
 */
export function copied<T>(value: T): T {
  return copyOf(value, 0, '') as T;
}

/** @param path of keys that lead to the value, for errors: x.data */
function copyOf(value: unknown, depth: number, path: string): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (ArrayBuffer.isView(value)) {
    requireOwnMemory(path || 'data', value);
    const { buffer, byteOffset, byteLength } = value;
    return value instanceof DataView
      ? new DataView(new Uint8Array(buffer, byteOffset, byteLength).slice().buffer)
      : (value as Uint8Array).slice();
  }
  if (Array.isArray(value)) return value.map((each, index) => copyOf(each, depth + 1, `${path}[${index}]`));
  const within = (key: string) => (path === '' ? key : `${path}.${key}`);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each, depth + 1, within(key))]));
}
