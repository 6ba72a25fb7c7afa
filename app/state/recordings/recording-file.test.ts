import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { decodeRecordingFile } from './recording-file.ts';
import { encodeRecordingFile } from './write-recording.ts';

const folder = new URL('../../../public/recordings/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.rec'));
const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file, folder)));

/** Type and digest of every column: long ones are slow to compare number by number. */
const digests = (columns: Record<string, Uint32Array | Float32Array>) =>
  Object.entries(columns).map(([name, column]) => {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    return `${name} ${column.constructor.name} ${column.length} ${createHash('sha256').update(bytes).digest('hex')}`;
  });

test('there are recordings to try', () => {
  expect(files.length).toBeGreaterThan(3);
});

test.each(files)('%s comes back whole from its own file', async (file) => {
  const recording = await decodeRecordingFile(bytesOf(file), file);
  const again = await decodeRecordingFile(encodeRecordingFile(recording), file);
  expect(digests(again.trace.columns)).toEqual(digests(recording.trace.columns));
  expect(again.trace.totals).toEqual(recording.trace.totals);
  expect(again.trace.steps.length).toBe(recording.trace.steps.length);
  expect(again.trace.matchesPlain).toBe(recording.trace.matchesPlain);
  const { trace: _a, ...rest } = recording;
  const { trace: _b, ...restAgain } = again;
  expect(restAgain).toEqual(rest);
  expect(recording.trace.steps.length).toBeGreaterThan(0);
  expect(Object.keys(recording.outputs).length).toBeGreaterThan(0);
});

test('the value of a sentinel survives: JSON has no −∞', async () => {
  const { plan } = await decodeRecordingFile(bytesOf(files[0]!), files[0]!);
  expect(plan.buffers.find(({ name }) => name === 'lse')?.sentinel?.to).toBe(Number.NEGATIVE_INFINITY);
});

describe('what is no recording is refused by name', { timeout: 60_000 }, () => {
  const whole = bytesOf(files[0]!);

  test('random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await expect(decodeRecordingFile(bytes, 'noise.rec')).rejects.toThrow(EngineError);
      }),
    );
  });

  test('a file cut short, and one with damaged bytes, never throw anything else', async () => {
    for (let length = 0; length < whole.length; length += Math.ceil(whole.length / 60)) {
      await expect(decodeRecordingFile(whole.slice(0, length), 'cut.rec')).rejects.toThrow(EngineError);
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = whole.slice();
        damaged[at]! ^= change;
        try {
          await decodeRecordingFile(damaged, 'damaged.rec');
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect((error as EngineError).code).toBe('bad-file');
        }
      }),
    );
  });
});
