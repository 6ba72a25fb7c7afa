// What a caller hands over is taken as it stands when the call is made, so that changing it afterwards changes nothing.

/** Plain data nests no deeper than this; what does is left to the checks. */
const DEEPEST = 8;

/** A copy of plain data, typed arrays with it: of those only the view's own part, not the whole file it may look into. */
export function copied<T>(value: T): T {
  return copyOf(value, 0) as T;
}

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return value instanceof DataView
      ? new DataView(new Uint8Array(buffer, byteOffset, byteLength).slice().buffer)
      : (value as Uint8Array).slice();
  }
  if (Array.isArray(value)) return value.map((each) => copyOf(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each, depth + 1)]));
}
