import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import type { Fetch } from '../download.ts';
import { sentenceEncoder } from './index.ts';
import { loadSentenceEncoder } from './load.ts';
import { parseManifest } from './manifest.ts';
import { sentenceOf } from './testing/sentence.ts';

const source = new URL('../../../public/models/sentence-encoder/', import.meta.url);
const onDisk = (file: string) => new Uint8Array(readFileSync(new URL(file, source)));

/** A server that holds the real files, with some of them replaced. */
function serving(replaced: Record<string, Uint8Array<ArrayBuffer> | number> = {}, chunkBytes = 1 << 20): Fetch {
  return async (address, { signal }) => {
    signal?.throwIfAborted();
    const file = address.split('/').pop()!;
    const content = replaced[file] ?? onDisk(file);
    if (typeof content === 'number') return new Response(null, { status: content });
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= content.length) return controller.close();
        controller.enqueue(content.subarray(at, at + chunkBytes));
        at += chunkBytes;
      },
    });
    return { ok: true, status: 200, body };
  };
}

async function failure(replaced: Record<string, Uint8Array<ArrayBuffer> | number>) {
  const error = await loadSentenceEncoder({ folder: 'https://host/x', fetch: serving(replaced) }).catch((e) => e);
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

const edited = (file: string, edit: (bytes: Uint8Array) => void) => {
  const bytes = onDisk(file);
  edit(bytes);
  return bytes;
};
const manifestWith = (edit: (manifest: ReturnType<typeof parseManifest>) => void) => {
  const manifest = parseManifest(new TextDecoder().decode(onDisk('manifest.json')));
  edit(manifest);
  return new TextEncoder().encode(JSON.stringify(manifest));
};

describe('loading', () => {
  test('gives every weight its shape and finite values, and reports progress up to the whole', async () => {
    const seen: [number, number][] = [];
    const encoder = await loadSentenceEncoder({
      folder: 'https://host/x',
      fetch: serving(),
      onProgress: (loaded, total) => seen.push([loaded, total]),
    });
    expect(Object.fromEntries(Object.entries(encoder.weights).map(([name, { shape }]) => [name, shape]))).toEqual({
      embedding: [8000, 256],
      timing_rates: [128],
      norm_scale: [256],
      norm_bias: [256],
      w_q: [256, 256],
      b_q: [256],
      w_k: [256, 256],
      b_k: [256],
      w_v: [256, 256],
      b_v: [256],
    });
    for (const { data } of Object.values(encoder.weights)) expect(data.every(Number.isFinite)).toBe(true);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.at(-1)![0]).toBe(seen.at(-1)![1]);
    for (const [i, [loaded]] of seen.entries()) expect(loaded).toBeGreaterThan(seen[i - 1]?.[0] ?? 0);
  });

  test('can be cancelled before it starts and in the middle', async () => {
    const started = new AbortController();
    const midway = loadSentenceEncoder({
      folder: 'https://host/x',
      fetch: serving({}, 65_536),
      signal: started.signal,
      onProgress: (loaded) => loaded > 500_000 && started.abort(),
    });
    await expect(midway).rejects.toMatchObject({ code: 'aborted' });
    const never = loadSentenceEncoder({ folder: 'https://host/x', fetch: serving(), signal: AbortSignal.abort() });
    await expect(never).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a bad file is refused by name', () => {
  test('one flipped bit in the weights or the vocabulary', async () => {
    const weights = edited('weights.bin', (bytes) => (bytes[4_000_000]! ^= 1));
    expect(await failure({ 'weights.bin': weights })).toMatchObject({ code: 'bad-file', field: 'weights.bin' });
    const vocabulary = edited('vocab.json', (bytes) => (bytes[100]! ^= 1));
    expect(await failure({ 'vocab.json': vocabulary })).toMatchObject({ code: 'bad-file', field: 'vocab.json' });
  });

  test('too short, too long, not there', async () => {
    const whole = onDisk('weights.bin');
    const short = await failure({ 'weights.bin': whole.slice(0, 1000) });
    expect(short).toMatchObject({ code: 'bad-file', field: 'weights.bin', value: 1000, limit: whole.length });
    const long = await failure({ 'weights.bin': new Uint8Array([...whole, 0]) });
    expect(long).toMatchObject({ code: 'bad-file', field: 'weights.bin', value: whole.length + 1 });
    expect(await failure({ 'manifest.json': 404 })).toMatchObject({
      code: 'bad-file',
      field: 'manifest.json',
      value: 404,
    });
    // What a single-page host sends for an address that does not exist.
    const page = new TextEncoder().encode('<!doctype html><title>Tilescope</title>');
    expect(await failure({ 'manifest.json': page })).toMatchObject({ code: 'bad-file', field: 'manifest.json' });
  });

  test('a manifest that lies about sizes', async () => {
    const endless = manifestWith((manifest) => (manifest.weights.elements += 1));
    expect(await failure({ 'manifest.json': endless })).toMatchObject({ code: 'bad-file', field: 'weights.bin' });
    const outside = manifestWith((manifest) => (manifest.weights.tensors[0]!.offset = manifest.weights.elements));
    expect(await failure({ 'manifest.json': outside })).toMatchObject({ code: 'bad-file' });
    const huge = manifestWith((manifest) => (manifest.weights.bytes = 2 ** 40));
    expect(await failure({ 'manifest.json': huge })).toMatchObject({ field: 'manifest.json: weights.bytes' });
    const elsewhere = manifestWith((manifest) => (manifest.weights.file = '../../secret'));
    expect(await failure({ 'manifest.json': elsewhere })).toMatchObject({ field: 'manifest.json: weights.file' });
  });

  test('any text as a manifest gives bad-file or a manifest, nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseManifest(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-file' });
        }
      }),
    );
  });
});

describe('a sentence', () => {
  const load = () => loadSentenceEncoder({ folder: 'https://host/x/', fetch: serving() });

  test('of 512 tokens is taken, of 513 refused with the number and the limit, of none in plain words', async () => {
    const encoder = await load();
    const taken = (tokens: number) => {
      const { spec, inputs } = sentenceOf(encoder, new Array(tokens).fill('the').join(' '));
      return sentenceEncoder.resolve(spec.config, inputs);
    };
    expect(taken(512)).toMatchObject({ n: 512 });
    const refusal = { code: 'limit-exceeded', field: 'n', value: 513, limit: 512 };
    expect(() => taken(513)).toThrow(expect.objectContaining(refusal));
    expect(() => taken(0)).toThrow(expect.objectContaining({ code: 'bad-input', field: 'ids', value: 0 }));
  });
});
