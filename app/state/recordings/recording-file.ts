// A recording as a file: a zip that holds `recording.json` (what ran, on which device, with which source), `trace.bin` (the trace in
// its own format) and one little-endian file per tensor. What is shipped in `recordings/` and what Export saves are the same.

import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { EngineError } from '#gpu/core/errors.ts';
import { arrayOf, elementCount, type Tensor } from '#gpu/core/tensor.ts';
import { decodeRecording, encodeRecording } from '#gpu/trace/pack.ts';
import type { Recording } from '../../exhibit/recording.ts';

const FORMAT = 1;
const HEADER = 'recording.json';
const TRACE = 'trace.bin';
/** Zip needs a date; a fixed one keeps equal recordings equal byte for byte. */
const DATE = '2000-01-01T00:00:00Z';
/** More than this is not unpacked, bytes. */
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

type Shapes = Record<string, Pick<Tensor, 'shape' | 'dtype'>>;
type Header = Omit<Recording, 'id' | 'trace' | 'inputs' | 'outputs'> & {
  format: number;
  inputs: Shapes;
  outputs: Shapes;
  matchesPlain: boolean;
  largestDifference?: number;
};

/** JSON has no −∞, which stands in plans as the value of a sentinel. */
const NON_FINITE = '$number';
const toJson = (value: unknown) =>
  JSON.stringify(value, (_key, entry) =>
    typeof entry === 'number' && !Number.isFinite(entry) ? { [NON_FINITE]: String(entry) } : entry,
  );
const fromJson = (text: string): unknown =>
  JSON.parse(text, (_key, entry) =>
    entry !== null && typeof entry === 'object' && typeof entry[NON_FINITE] === 'string'
      ? Number(entry[NON_FINITE])
      : entry,
  );

const shapesOf = (tensors: Record<string, Tensor>): Shapes =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]));

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** @throws EngineError bad-input when the trace did not come from a recorder */
export function encodeRecordingFile(recording: Recording): Uint8Array<ArrayBuffer> {
  const { id: _id, trace, inputs, outputs, ...rest } = recording;
  const header: Header = {
    format: FORMAT,
    ...rest,
    // What a file was called on this machine is not part of what it holds.
    device: { ...rest.device, file: undefined },
    inputs: shapesOf(inputs),
    outputs: shapesOf(outputs),
    matchesPlain: trace.matchesPlain,
    largestDifference: trace.largestDifference,
  };
  const files: Zippable = {
    [HEADER]: [strToU8(toJson(header)), { level: 9 }],
    // Deflated already.
    [TRACE]: [encodeRecording(trace), { level: 0 }],
  };
  for (const [name, tensor] of Object.entries(inputs)) files[`inputs/${name}.bin`] = [bytesOf(tensor), { level: 6 }];
  for (const [name, tensor] of Object.entries(outputs)) files[`outputs/${name}.bin`] = [bytesOf(tensor), { level: 6 }];
  return zipSync(files, { mtime: DATE });
}

/**
 * @param name for messages
 * @throws EngineError bad-file when `bytes` is no recording, or damaged
 */
export function decodeRecordingFile(bytes: Uint8Array, name: string): Recording {
  const bad = (why: string) => new EngineError('bad-file', `${name} is no recording: ${why}`, { field: name });
  try {
    let unpacked = 0;
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        unpacked += originalSize;
        if (unpacked > MAX_UNPACKED_BYTES) throw bad(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
        return true;
      },
    });
    const headerBytes = files[HEADER];
    const traceBytes = files[TRACE];
    if (!headerBytes || !traceBytes) throw bad(`${headerBytes ? TRACE : HEADER} is missing`);
    const { format, inputs, outputs, matchesPlain, largestDifference, ...rest } = fromJson(
      strFromU8(headerBytes),
    ) as Header;
    if (format !== FORMAT) throw bad(`its format ${format} is not known here`);
    const tensors = (folder: string, shapes: Shapes) =>
      Object.fromEntries(
        Object.entries(shapes).map(([key, spec]) => [key, tensorOf(`${folder}/${key}.bin`, spec, files, bad)]),
      );
    const trace = decodeRecording(traceBytes);
    trace.matchesPlain = matchesPlain;
    trace.largestDifference = largestDifference;
    return { ...rest, id: name, trace, inputs: tensors('inputs', inputs), outputs: tensors('outputs', outputs) };
  } catch (error) {
    throw error instanceof EngineError ? error : bad(error instanceof Error ? error.message : String(error));
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
