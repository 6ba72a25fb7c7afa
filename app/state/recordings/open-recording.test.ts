import { readFileSync } from 'node:fs';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { openRecordingFile } from './open-recording.ts';
import { decodeRecordingFile } from './recording-file.ts';
import { encodeRecordingFile } from './write-recording.ts';

const bytes = new Uint8Array(
  readFileSync(new URL('../../../public/recordings/attention-first-look.rec', import.meta.url)),
);
const open = (file: Uint8Array, current = 'attention') => openRecordingFile(file, 'mine.rec', mechanisms, current);

/** The file with keys of its header changed. */
function withHeader(change: Record<string, unknown>): Uint8Array {
  const files = unzipSync(bytes);
  const header = JSON.parse(strFromU8(files['recording.json']!));
  return zipSync({ ...files, 'recording.json': strToU8(JSON.stringify({ ...header, ...change })) });
}

test('an exported recording comes back whole, labelled as from a file with the device it was made on', async () => {
  const made = await decodeRecordingFile(bytes, 'mine.rec');
  const recording = await open(encodeRecordingFile({ ...made, device: { ...made.device, origin: 'this-device' } }));
  expect(recording.device).toEqual({ ...made.device, origin: 'file', file: 'mine.rec' });
  // The name stays here: exported again, it goes with no file.
  expect((await decodeRecordingFile(encodeRecordingFile(recording), 'again.rec')).device).not.toHaveProperty('file');
  expect(recording.trace.totals).toEqual(made.trace.totals);
  expect(recording.trace.steps.length).toBe(made.trace.steps.length);
});

test('the same file opened twice is two recordings: nothing kept for one is shown for the other', async () => {
  expect((await open(bytes)).id).not.toBe((await open(bytes)).id);
});

test.each([
  [{ mechanism: 'perpetual-motion' }, /perpetual-motion/],
  [{ variant: 'flash-v9' }, /flash-v9/],
  [{ kernels: 'none' }, /kernels/],
  [{ device: { label: 3 } }, /device/],
  [{ tokens: { query: 'all' } }, /tokens/],
  [{ plan: null }, /plan/],
])('a header with %j is refused by name', async (change, name) => {
  await expect(open(withHeader(change))).rejects.toThrow(name);
});

test('a recording of another mechanism than the one on screen is refused', async () => {
  await expect(open(bytes, 'selective-scan')).rejects.toThrow(/selective-scan/);
});
