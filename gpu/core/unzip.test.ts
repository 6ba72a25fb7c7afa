import fc from 'fast-check';
import { deflateSync, strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { EngineError } from './errors.ts';
import { inflate, inflateStart } from './inflate.ts';
import { openArchive } from './unzip.ts';

async function unzip(bytes: Uint8Array, most: number): Promise<Record<string, Uint8Array>> {
  const archive = openArchive(bytes);
  const files: Record<string, Uint8Array> = {};
  for (const name of archive.names) files[name] = await archive.read(name, most);
  return files;
}

const anyFile = fc.uint8Array({ maxLength: 3000 });

test('what was deflated comes back, up to the limit and not beyond', async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, async (bytes) => {
      const packed = deflateSync(bytes);
      expect(await inflate(packed, bytes.length)).toEqual(new Uint8Array(bytes));
      expect(await inflateStart(packed, bytes.length >> 1)).toEqual(
        new Uint8Array(bytes.subarray(0, bytes.length >> 1)),
      );
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
    await expect(unzip(archive, 1999)).rejects.toMatchObject({ value: 2000, limit: 1999 });
  }
});

test('a changed byte of content is a wrong checksum, where it still unpacks', async () => {
  const archive = zipSync({ a: strToU8('hello hello hello hello') }, { level: 0 });
  archive[archive.findIndex((_, i) => archive[i] === 0x68 && archive[i + 1] === 0x65)] = 0x6a;
  await expect(openArchive(archive).read('a', 100)).rejects.toThrow(/the checksum of a is another/);
});

test('an entry that unpacks to more than its directory says is stopped there', async () => {
  const archive = zipSync({ a: new Uint8Array(5_000_000) });
  const view = new DataView(archive.buffer);
  for (let at = 0; at + 28 < archive.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1000, true);
  await expect(openArchive(archive).read('a', 1e9)).rejects.toThrow(/a: it unpacks to more than 1000 bytes/);
});

test('encrypted entries, names that come twice and directories without end are refused by name', async () => {
  const archive = zipSync({ a: strToU8('x'), b: strToU8('y') });
  const view = new DataView(archive.buffer);
  const entries = [...archive.keys()].filter(
    (at) => at + 4 < archive.length && view.getUint32(at, true) === 0x02014b50,
  );
  const encrypted = archive.slice();
  encrypted[entries[0]! + 8]! |= 1;
  await expect(openArchive(encrypted).read('a', 10)).rejects.toThrow(/a: it is encrypted/);
  const twice = archive.slice();
  twice[entries[1]! + 46] = 0x61;
  expect(() => openArchive(twice)).toThrow(/a comes twice/);
  const many = archive.slice();
  new DataView(many.buffer).setUint16(many.length - 22 + 10, 60_000, true);
  expect(() => openArchive(many)).toThrow(/its directory is cut off/);
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
