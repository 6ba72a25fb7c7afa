// Six hundred files of tensors of each kind, changed at random from one seed: bits, numbers that say lengths, cut short, lengthened, parts
// swapped; and small ones that unpack to much. Each is read, or refused by its name, at once and within a few times its own size.

import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { normalTensor, uniformStream } from '#gpu/core/random.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { bytesUnpacked } from '#gpu/testing/bytes-unpacked.ts';
import { attentionReads } from '../../mechanisms/attention/reads.ts';
import { inputsFromFile } from './file-input.ts';

const FILES = 600;
/** ms of the processor's own time for one file; most take less than one. */
const AT_ONCE = 300;
/** Bytes that a file may take before its own size counts. */
const ALWAYS = 2 ** 20;

const SHAPE = [1, 64, 2, 32];
const bytesOf = (name: string) => new Uint8Array((normalTensor(1, name, SHAPE).data as Float32Array).buffer);
const text = (words: string) => new TextEncoder().encode(words);

function npy(name: string, data = bytesOf(name), shape = SHAPE.join(', ')): Uint8Array {
  const header = text(`{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }\n`);
  return new Uint8Array([0x93, ...text('NUMPY'), 1, 0, header.length, 0, ...header, ...data]);
}

function safetensors(): Uint8Array {
  const size = bytesOf('q').length;
  const header = Object.fromEntries(
    ['q', 'k', 'v'].map((name, i) => [name, { dtype: 'F32', shape: SHAPE, data_offsets: [i * size, (i + 1) * size] }]),
  );
  const json = text(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return new Uint8Array([...length, ...json, ...bytesOf('q'), ...bytesOf('k'), ...bytesOf('v')]);
}

const npz = (level: 0 | 6) => zipSync({ 'q.npy': npy('q'), 'k.npy': npy('k'), 'v.npy': npy('v') }, { level });

const WHOLE: Record<string, Uint8Array> = {
  safetensors: safetensors(),
  npy: npy('q', new Uint8Array([...bytesOf('q'), ...bytesOf('k'), ...bytesOf('v')]), `3, ${SHAPE.join(', ')}`),
  'npz (stored)': npz(0),
  'npz (deflated)': npz(6),
};

/** `whole` with one to four changes; most of them where it says what it holds: at its start or its end. */
function changed(whole: Uint8Array, next: () => number): Uint8Array {
  let bytes = whole.slice();
  const below = (most: number) => Math.floor(next() * most);
  for (let left = 1 + below(4); left > 0; left--) {
    const where = [below(bytes.length), below(300), bytes.length - 1 - below(300)][below(3)]!;
    const at = Math.min(Math.max(where, 0), Math.max(bytes.length - 8, 0));
    if (bytes.length < 8) return bytes;
    const view = new DataView(bytes.buffer);
    const how = below(6);
    if (how === 0) bytes[at]! ^= 1 << below(8);
    if (how === 1) bytes[at] = below(256);
    if (how === 2) view.setUint32(at, [0, 1, 0x7fffffff, 0xffffffff, 2 ** 24][below(5)]!, true);
    if (how === 3) bytes = bytes.slice(0, below(bytes.length));
    if (how === 4)
      bytes = new Uint8Array([...bytes.subarray(0, at), ...new Uint8Array(below(4096)), ...bytes.subarray(at)]);
    if (how === 5) bytes.copyWithin(at, below(bytes.length), below(bytes.length));
  }
  return bytes;
}

interface Figures {
  refused: number;
  slowest: number;
  /** The most memory a file took, in its own sizes beyond what every file may take. */
  largest: number;
}

const AT_MOST = {
  slowest: expect.toSatisfy((ms: number) => ms < AT_ONCE),
  largest: expect.toSatisfy((sizes: number) => sizes < 2),
};

async function open(bytes: Uint8Array, name: string, figures: Figures): Promise<void> {
  const memory = process.memoryUsage().arrayBuffers;
  const before = process.cpuUsage();
  try {
    const given = await inputsFromFile(bytes, name, mechanisms.get('attention')!, attentionReads.file);
    expect(Object.keys(given).sort()).toEqual(['k', 'q', 'v']);
  } catch (error) {
    expect(error).toMatchObject({ name: 'EngineError', code: 'bad-file' });
    expect((error as Error).message).toMatch(/^mine\./);
    figures.refused++;
  }
  const { user, system } = process.cpuUsage(before);
  figures.slowest = Math.max(figures.slowest, (user + system) / 1000);
  const taken = process.memoryUsage().arrayBuffers - memory - ALWAYS;
  figures.largest = Math.max(figures.largest, taken / Math.max(bytes.length, 1));
}

test.each(Object.entries(WHOLE))('%s: changed files are read or refused at once', async (kind, whole) => {
  const figures: Figures = { refused: 0, slowest: 0, largest: 0 };
  const name = `mine.${kind.split(' ')[0]}`;
  // The control: unchanged, it is read.
  await open(whole, name, figures);
  expect(figures.refused).toBe(0);
  const next = uniformStream(1, kind);
  for (let file = 0; file < FILES; file++) await open(changed(whole, next), name, figures);
  const { refused, slowest, largest } = figures;
  const size = `${Math.max(largest, 0).toFixed(2)} × its size beyond 1 MiB`;
  console.log(`${FILES} files, ${kind}: ${refused} refused; slowest ${slowest.toFixed(1)} ms, most memory ${size}`);
  expect(figures).toEqual({ ...AT_MOST, refused: expect.toSatisfy((count: number) => count > FILES / 4) });
});

/** An archive of zeros, 64 MB an array. */
function zeros(shapes: Record<string, string>): Uint8Array {
  const arrays = Object.entries(shapes).map(([name, shape]): [string, Uint8Array] => {
    const header = npy(name, new Uint8Array(), shape);
    const array = new Uint8Array(header.length + 2 ** 26);
    array.set(header);
    return [`${name}.npy`, array];
  });
  return zipSync(Object.fromEntries(arrays), { level: 1 });
}
const ALL = (shape: string) => ({ q: shape, k: shape, v: shape });

test.each([
  ['more than their headers say', ALL(SHAPE.join(', ')), /bytes.*can be used/],
  ['another number of axes', ALL('16777216,'), /has 1 axis|is not \[batch|at most 16777216 elements together/],
  ['one of another number of axes', { ...ALL('1, 1024, 2, 2'), v: '16777216,' }, /v: shape|together/],
  ['other axes than each other', { ...ALL('1, 1024, 2, 2'), v: '1, 1024, 4, 2048' }, /v: shape .* needed/],
  ['too many together', ALL('1, 65536, 2, 128'), /elements together can be watched/],
  ['one that is missing', { q: '1, 65536, 2, 128' }, /are missing/],
  ['an empty one beside', { ...ALL('1, 65536, 2, 64'), v: '1, 0, 2, 64' }, /v is empty/],
])('zeros without end, %s: refused while they are packed', async (_what, shapes, message) => {
  const bomb = zeros(shapes);
  expect(bomb.length).toBeLessThan(2 ** 20);
  const attention = mechanisms.get('attention')!;
  const unpacked = await bytesUnpacked(() =>
    expect(inputsFromFile(bomb, 'mine.npz', attention, attentionReads.file)).rejects.toThrow(message),
  );
  expect(unpacked).toBeLessThan(2 * bomb.length + ALWAYS);
});

test('of an archive that is taken, everything is unpacked once, and its headers before', async () => {
  const file = npz(6);
  const unpacked = await bytesUnpacked(() => open(file, 'mine.npz', { refused: 0, slowest: 0, largest: 0 }));
  expect(unpacked).toBeGreaterThanOrEqual(3 * npy('q').length);
  expect(unpacked).toBeLessThan(2 * file.length + 3 * npy('q').length + ALWAYS);
});
