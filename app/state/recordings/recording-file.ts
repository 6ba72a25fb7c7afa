// A recording as a file: a zip that holds `recording.json` (what ran, on which device, with which source), `trace.bin` (the trace in
// its own format) and one little-endian file per tensor. What is shipped in `recordings/` and what Export saves (write-recording.ts) are
// the same; this reads them.

import { EngineError } from '#gpu/core/errors.ts';
import { arrayOf, elementCount, type Tensor } from '#gpu/core/tensor.ts';
import { unzip } from '#gpu/core/unzip.ts';
import { decodeRecording } from '#gpu/trace/read-trace.ts';
import type { Recording } from '../../exhibit/recording.ts';

export const FORMAT = 1;
export const HEADER = 'recording.json';
export const TRACE = 'trace.bin';
/** More than this is not unpacked, bytes. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

export type Shapes = Record<string, Pick<Tensor, 'shape' | 'dtype'>>;
export type Header = Omit<Recording, 'id' | 'trace' | 'inputs' | 'outputs'> & {
  format: number;
  inputs: Shapes;
  outputs: Shapes;
  matchesPlain: boolean;
  largestDifference?: number;
};

/** JSON has no −∞, which stands in plans as the value of a sentinel. */
export const NON_FINITE = '$number';
const fromJson = (text: string): unknown =>
  JSON.parse(text, (_key, entry) =>
    entry !== null && typeof entry === 'object' && typeof entry[NON_FINITE] === 'string'
      ? Number(entry[NON_FINITE])
      : entry,
  );

/**
 * @param name for messages
 * @throws EngineError bad-file when `bytes` is no recording, or damaged
 */
export async function decodeRecordingFile(bytes: Uint8Array, name: string): Promise<Recording> {
  const bad = (why: string) => new EngineError('bad-file', `${name} is no recording: ${why}`, { field: name });
  try {
    const files = await unzip(bytes, MAX_UNPACKED_BYTES);
    const headerBytes = files[HEADER];
    const traceBytes = files[TRACE];
    if (!headerBytes || !traceBytes) throw bad(`${headerBytes ? TRACE : HEADER} is missing`);
    const { format, inputs, outputs, matchesPlain, largestDifference, ...rest } = fromJson(
      new TextDecoder().decode(headerBytes),
    ) as Header;
    if (format !== FORMAT) throw bad(`its format ${format} is not known here`);
    const tensors = (folder: string, shapes: Shapes) =>
      Object.fromEntries(
        Object.entries(shapes).map(([key, spec]) => [key, tensorOf(`${folder}/${key}.bin`, spec, files, bad)]),
      );
    const trace = await decodeRecording(traceBytes);
    trace.matchesPlain = matchesPlain;
    trace.largestDifference = largestDifference;
    return { ...rest, id: name, trace, inputs: tensors('inputs', inputs), outputs: tensors('outputs', outputs) };
  } catch (error) {
    if (error instanceof EngineError && error.field === name) throw error;
    throw bad(error instanceof Error ? error.message : String(error));
  }
}

function tensorOf(
  path: string,
  { shape, dtype }: Pick<Tensor, 'shape' | 'dtype'>,
  files: Record<string, Uint8Array>,
  bad: (why: string) => EngineError,
): Tensor {
  const bytes = files[path];
  if (!bytes || bytes.byteLength !== elementCount(shape) * 4) throw bad(`${path} is missing or of the wrong size`);
  // The unpacked view may start at any byte; typed arrays need their own aligned copy.
  return { shape, dtype, data: arrayOf(dtype, bytes.slice().buffer as ArrayBuffer) };
}
