// Memory that a caller hands over has to be there, and the caller's alone: an array whose buffer was transferred to another thread has none,
// one over shared memory may change while it is copied.

import { EngineError } from '../../core/errors.ts';

/** @throws EngineError bad-input for a view of a detached or shared buffer */
export function requireOwnMemory(field: string, { buffer }: ArrayBufferView): void {
  const why = isShared(buffer)
    ? 'lies in shared memory, which may change while it is taken; give a copy'
    : isDetached(buffer) && 'has no memory any more: its buffer was transferred; give a copy, or keep one';
  if (why) throw new EngineError('bad-input', `${field} ${why}`, { field });
}

const isShared = (buffer: ArrayBufferLike) =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/** A buffer of no bytes may be a detached one: only making a view tells them apart everywhere. */
function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}
