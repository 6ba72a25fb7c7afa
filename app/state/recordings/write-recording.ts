// Writes a recording as the file that recording-file.ts reads; loaded when something is exported.

import { strToU8, type Zippable, zipSync } from 'fflate';
import type { Tensor } from '#gpu/core/tensor.ts';
import { encodeRecording } from '#gpu/trace/write-trace.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { FORMAT, HEADER, type Header, NON_FINITE, type Shapes, TRACE } from './recording-file.ts';

/** Zip needs a date; a fixed one keeps equal recordings equal byte for byte. */
const DATE = '2000-01-01T00:00:00Z';

const toJson = (value: unknown) =>
  JSON.stringify(value, (_key, entry) =>
    typeof entry === 'number' && !Number.isFinite(entry) ? { [NON_FINITE]: String(entry) } : entry,
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
