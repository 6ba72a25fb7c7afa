import { strFromU8, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { EngineError } from './errors.ts';
import { inflate } from './inflate.ts';
import { isZip, listZip, unzipEntry } from './zip.ts';

const long = 'to be stored or to be deflated '.repeat(5000);
const archive = zipSync({
  'stored.txt': [strToU8('a few words'), { level: 0 }],
  'folder/deflated.txt': [strToU8(long), { level: 9 }],
  'empty.txt': new Uint8Array(0),
});
const textsOf = async (bytes: Uint8Array) =>
  Object.fromEntries(
    await Promise.all(
      listZip(bytes).map(async (entry) => [entry.name, strFromU8(await unzipEntry(bytes, entry))] as const),
    ),
  );

/** The archive with four bytes changed, counted from where `signature` first stands. */
function withWord(signature: number, offset: number, value: number): Uint8Array {
  const bytes = archive.slice();
  const view = new DataView(bytes.buffer);
  let at = 0;
  while (view.getUint32(at, true) !== signature) at++;
  view.setUint32(at + offset, value, true);
  return bytes;
}
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;

test('entries come back whole, stored and deflated', async () => {
  expect(isZip(archive)).toBe(true);
  expect(await textsOf(archive)).toEqual({ 'stored.txt': 'a few words', 'folder/deflated.txt': long, 'empty.txt': '' });
});

test('an archive with a comment, and one that is a part of a larger buffer, are read', async () => {
  const around = new Uint8Array(archive.length + 20);
  around.set(archive, 7);
  new DataView(around.buffer).setUint16(7 + archive.length - 2, 13, true);
  expect(Object.keys(await textsOf(around.subarray(7)))).toHaveLength(3);
});

describe('a damaged archive is a bad file:', () => {
  const cases: [string, Uint8Array][] = [
    ['without a directory', archive.slice(0, archive.length - 30)],
    ['nothing at all', new Uint8Array(0)],
    ['a directory that points past the end', withWord(0x06054b50, 16, 0xfffffff0)],
    ['an entry that is not where the directory says', withWord(DIRECTORY, 42, 3)],
    ['an entry longer than the file', withWord(DIRECTORY, 20, 0x7fffffff)],
    ['an entry of another size than the directory says', withWord(DIRECTORY, 24, 5)],
    ['an entry packed in an unknown way', withWord(DIRECTORY, 10, 99)],
    ['a header that was overwritten', withWord(LOCAL, 0, 0)],
  ];
  test.each(cases)('%s', async (_, bytes) => {
    const error = await textsOf(bytes).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect(error.code).toBe('bad-file');
  });
});

test('inflating stops at its limit, and says what is damaged', async () => {
  const [, entry] = listZip(archive);
  const start = entry!.offset + 30 + entry!.name.length;
  const packed = archive.subarray(start, start + entry!.packedBytes);
  expect(await inflate(packed, long.length)).toHaveLength(long.length);
  expect(await inflate(packed, long.length - 1)).toBe('too-long');
  expect(await inflate(packed.subarray(0, packed.length - 4), long.length)).toBe('damaged');
  expect(await inflate(strToU8('no deflate'), 100)).toBe('damaged');
});
