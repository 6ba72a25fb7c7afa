// Six hundred files of tensors of each kind, changed at random from one seed: bits, numbers that say lengths, cut short, lengthened, parts
// swapped; and small ones that unpack to much. Each is read, or refused by its name, at once and within a few times its own size.

import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { normalTensor, uniformStream } from '#gpu/core/random.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
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
  expect(figures).toEqual({ ...AT_MOST, refused: expect.toSatisfy((count: number) => count > FILES / 4) });
});

test('an archive that unpacks to more than its headers say is refused before that is unpacked', async () => {
  const zeros = npy('q', new Uint8Array(2 ** 22));
  const bomb = zipSync({ 'q.npy': zeros, 'k.npy': zeros, 'v.npy': zeros }, { level: 6 });
  const figures: Figures = { refused: 0, slowest: 0, largest: 0 };
  await open(bomb, 'mine.npz', figures);
  expect(figures).toEqual({ ...AT_MOST, refused: 1 });
});
