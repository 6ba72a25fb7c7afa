// Fetches one file of known size and checksum: progress, abort, never more bytes than promised.

import { EngineError } from '../core/errors.ts';

/** The part of `fetch` that is used, so that tests and other hosts can bring their own. */
export type Fetch = (
  address: string,
  options: { signal?: AbortSignal },
) => Promise<{ ok: boolean; status: number; body: ReadableStream<Uint8Array> | null }>;

export interface FileFacts {
  file: string;
  /** Exact size, or with `sha256` absent the largest one accepted. */
  bytes: number;
  /** Hex. */
  sha256?: string;
}

export interface DownloadOptions {
  fetch: Fetch;
  signal?: AbortSignal;
  /** Called with the bytes of each chunk. */
  onBytes?: (count: number) => void;
}

/**
 * @param folder address of the folder, with a trailing slash
 * @throws EngineError bad-file (not there, wrong size, wrong checksum) or aborted
 */
export async function download(folder: string, facts: FileFacts, options: DownloadOptions): Promise<Uint8Array> {
  const { file, sha256 } = facts;
  // Called on its own: the browser's fetch refuses to be a method of another object.
  const { fetch } = options;
  try {
    const response = await fetch(folder + file, { signal: options.signal });
    if (!response.ok || !response.body) {
      throw new EngineError('bad-file', `${file}: the server answered ${response.status}`, {
        field: file,
        value: response.status,
      });
    }
    const bytes = await readAll(response.body, facts, options);
    if (sha256 !== undefined) await checkSum(file, bytes, sha256);
    return bytes;
  } catch (error) {
    if (options.signal?.aborted) throw new EngineError('aborted', `loading ${file} was cancelled`, { field: file });
    if (error instanceof EngineError) throw error;
    throw new EngineError('bad-file', `${file} could not be read: ${String(error)}`, { field: file });
  }
}

async function readAll(body: ReadableStream<Uint8Array>, facts: FileFacts, options: DownloadOptions) {
  const bytes = new Uint8Array(facts.bytes);
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    options.signal?.throwIfAborted();
    if (done) break;
    if (length + value.length > bytes.length) {
      await reader.cancel();
      throw wrongSize(facts, length + value.length);
    }
    bytes.set(value, length);
    length += value.length;
    options.onBytes?.(value.length);
  }
  if (facts.sha256 !== undefined && length !== facts.bytes) throw wrongSize(facts, length);
  return bytes.subarray(0, length);
}

function wrongSize({ file, bytes }: FileFacts, value: number) {
  const message = `${file} has ${value} bytes or more, expected ${bytes}`;
  return new EngineError('bad-file', message, { field: file, value, limit: bytes });
}

async function checkSum(file: string, bytes: Uint8Array, expected: string) {
  if (!globalThis.crypto?.subtle) {
    throw new EngineError('unsupported', `${file} cannot be verified: checksums need https or localhost`, {
      field: file,
    });
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found === expected) return;
  throw new EngineError('bad-file', `${file} is damaged or was replaced: its checksum differs`, {
    field: file,
    value: found,
    limit: expected,
  });
}
