// A recording as a file: a zip that holds `recording.json` (what ran, on which device, with which source), `trace.bin` (the trace in
// its own format) and one little-endian file per tensor. What is shipped in `recordings/` and what Export saves (write-recording.ts) are
// the same; this reads them.

import { EngineError } from '#gpu/core/errors.ts';
import { arrayOf, elementCount, type Tensor } from '#gpu/core/tensor.ts';
import { type Archive, openArchive } from '#gpu/core/unzip.ts';
import { isRecord } from '#gpu/trace/header-values.ts';
import { type CheckTrace, decodeRecording } from '#gpu/trace/read-trace.ts';
import type { Recording } from '../../exhibit/recording.ts';

export const FORMAT = 1;
export const HEADER = 'recording.json';
export const TRACE = 'trace.bin';
/** Bytes of all tensors together: more could not have been watched. */
const MAX_TENSOR_BYTES = 2 ** 26;

/**
 * Bytes that these parts may unpack to in a file of `length`: the header has the kernels' text and the plan, which pack to a fifth or so; the
 * trace's file is packed already, and says itself what it unpacks to.
 */
const mostBytes = (length: number) => ({
  [HEADER]: Math.min(2 ** 24, 2 ** 20 + 32 * length),
  [TRACE]: Math.min(2 ** 27, 2 ** 20 + 2 * length),
});

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

/** What is looked at of a file that somebody gave, each thing once; what is shipped is our own. All throw EngineError bad-file. */
export interface RecordingChecks {
  header(header: unknown): void;
  trace: CheckTrace;
  whole(recording: Recording): void;
}

/**
 * @param name for messages
 * @throws EngineError bad-file when `bytes` is no recording, or damaged
 */
export async function decodeRecordingFile(
  bytes: Uint8Array,
  name: string,
  checks?: RecordingChecks,
): Promise<Recording> {
  const bad = (why: string) => new EngineError('bad-file', `${name} is no recording: ${why}`, { field: name });
  try {
    const archive = openArchive(bytes);
    for (const file of [HEADER, TRACE]) if (!archive.has(file)) throw bad(`${file} is missing`);
    const most = mostBytes(bytes.length);
    const header = headerOf(await archive.read(HEADER, most[HEADER]), bad);
    const { format, inputs, outputs, matchesPlain, largestDifference, ...rest } = header;
    if (format !== FORMAT) throw bad(`it is not of format ${FORMAT}, which is the one known here`);
    checks?.header(header);
    const trace = await decodeRecording(await archive.read(TRACE, most[TRACE]), checks?.trace);
    trace.matchesPlain = matchesPlain;
    trace.largestDifference = largestDifference;
    let left = MAX_TENSOR_BYTES;
    const tensors = async (folder: string, shapes: Shapes) => {
      const read: Record<string, Tensor> = {};
      for (const [key, spec] of Object.entries(shapes)) {
        read[key] = await tensorOf(`${folder}/${key}.bin`, spec, archive, left, bad);
        left -= read[key].data.byteLength;
      }
      return read;
    };
    const recording: Recording = {
      ...rest,
      id: name,
      trace,
      inputs: await tensors('inputs', inputs),
      outputs: await tensors('outputs', outputs),
    };
    checks?.whole(recording);
    return recording;
  } catch (error) {
    if (!(error instanceof EngineError)) throw bad('what it says does not fit together');
    const { message, field, value, limit } = error;
    if (field === name) throw error;
    throw new EngineError('bad-file', `${name} is no recording that can be shown: ${message}`, { field, value, limit });
  }
}

function headerOf(bytes: Uint8Array, bad: (why: string) => EngineError): Header {
  try {
    const header = fromJson(new TextDecoder().decode(bytes));
    if (isRecord(header)) return header as unknown as Header;
  } catch {
    // No word of the parser's own: it speaks of characters, not of recordings.
  }
  throw bad(`${HEADER} cannot be read`);
}

async function tensorOf(
  path: string,
  { shape, dtype }: Pick<Tensor, 'shape' | 'dtype'>,
  archive: Archive,
  most: number,
  bad: (why: string) => EngineError,
): Promise<Tensor> {
  const length = elementCount(shape) * 4;
  if (!archive.has(path) || !(length <= most)) throw bad(`${path} is missing or too large`);
  const bytes = await archive.read(path, length);
  if (bytes.byteLength !== length) throw bad(`${path} is of the wrong size`);
  // The unpacked view may start at any byte; typed arrays need their own aligned copy.
  return { shape, dtype, data: arrayOf(dtype, bytes.slice().buffer as ArrayBuffer) };
}
