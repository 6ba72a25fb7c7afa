import fc from 'fast-check';
import { deflateSync, strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { EngineError } from './errors.ts';
import { inflate, unzip } from './unzip.ts';

const anyFile = fc.uint8Array({ maxLength: 3000 });

test('what was deflated comes back, up to the limit and not beyond', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, async (bytes) => {
      const packed = deflateSync(bytes);
      expect(await inflate(packed, bytes.length)).toEqual(new Uint8Array(bytes));
      if (bytes.length > 0) await expect(inflate(packed, bytes.length - 1)).rejects.toThrow(/more than/);
    }),
    { numRuns: 50 },
  );
});

test('a bomb is stopped at the limit', async () => {
  const bomb = deflateSync(new Uint8Array(5_000_000));
  await expect(inflate(bomb, 1000)).rejects.toMatchObject({ code: 'bad-file' });
});

test('files of an archive come back by their names, stored and deflated, behind a view of larger bytes', async () => {
  const files = { 'a.json': strToU8('{"a":1}'), 'ordner/ä.bin': new Uint8Array(2000).fill(7), leer: new Uint8Array(0) };
  for (const level of [0, 6] as const) {
    const archive = zipSync(files, { level, comment: 'a comment' });
    const around = new Uint8Array(archive.length + 20);
    around.set(archive, 10);
    expect(await unzip(around.subarray(10, 10 + archive.length), 5000)).toEqual(files);
    await expect(unzip(archive, 2006)).rejects.toThrow(/more than 2006/);
  }
});

test('damaged archives are refused as bad files, and nothing else comes of them', async () => {
  const archive = zipSync({ a: strToU8('hello hello hello hello'), b: new Uint8Array(600).fill(3) });
  for (let length = 0; length < archive.length; length += 7) {
    await expect(unzip(archive.slice(0, length), 5000)).rejects.toThrow(EngineError);
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const damaged = archive.slice();
      damaged[at]! ^= change;
      const outcome = await unzip(damaged, 5000).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'bad-file' });
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      await expect(unzip(bytes, 5000)).rejects.toThrow(EngineError);
    }),
  );
});
