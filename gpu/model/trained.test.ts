import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../core/errors.ts';
import type { Fetch } from './download.ts';
import { expectedTensors } from './testing/expected-tensors.ts';
import { parseCard, parseTrainedManifest, type TrainedManifest } from './trained-manifest.ts';
import { loadTrained } from './trained-weights.ts';

const root = new URL('../../public/models/', import.meta.url);
const bytesOf = (id: string, file: string) => new Uint8Array(readFileSync(new URL(`${id}/${file}`, root)));
const textOf = (id: string, file: string) => new TextDecoder().decode(bytesOf(id, file));

// The sentence encoder is another's work, converted, with a manifest and tests of its own.
const folders = readdirSync(root).filter((id) => id !== 'sentence-encoder');
const trained = folders.filter((id) => existsSync(new URL(`${id}/manifest.json`, root)));

const serving = (id: string, replaced: Record<string, Uint8Array> = {}): Fetch => {
  return async (address) => {
    const file = address.split('/').pop()!;
    return new Response((replaced[file] ?? bytesOf(id, file)) as Uint8Array<ArrayBuffer>);
  };
};

test('there are trained models, and together they weigh at most 7 MB', () => {
  expect(trained).toContain('gpt-moby');
  const sizes = trained.flatMap((id) => readdirSync(new URL(`${id}/`, root)).map((file) => bytesOf(id, file).length));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(7e6);
});

test.each(folders)('%s: the cards hold what was measured, inside its own interval', (id) => {
  const cards = readdirSync(new URL(`${id}/`, root)).filter((file) => /^card.*\.json$/.test(file));
  expect(cards.length).toBeGreaterThan(0);
  for (const file of cards) {
    const card = parseCard(textOf(id, file));
    expect(card.id).toBe(id);
    expect(file).toBe(card.seed === 0 ? 'card.json' : `card-seed-${card.seed}.json`);
    const { value, interval } = card.result;
    expect(interval[0]).toBeLessThan(value);
    expect(interval[1]).toBeGreaterThan(value);
  }
});

describe.each(trained)('%s', (id) => {
  const manifest = parseTrainedManifest(textOf(id, 'manifest.json'));

  test('the weights are those of the manifest: size, checksum, at most 1.2 MB, and a notice beside them', () => {
    const packed = bytesOf(id, manifest.weights.file);
    expect(packed.length).toBe(manifest.weights.bytes);
    expect(packed.length).toBeLessThanOrEqual(1.2e6);
    expect(createHash('sha256').update(packed).digest('hex')).toBe(manifest.weights.sha256);
    expect(manifest.id).toBe(id);
    expect(textOf(id, 'NOTICE')).toContain(manifest.source.package);
  });

  test('every tensor that the config asks for is there once, in its shape, and no other', () => {
    const stored = new Map(manifest.weights.tensors.map(({ name, shape }) => [name, shape]));
    const byName = (a: [string, number[]], b: [string, number[]]) => (a[0] < b[0] ? -1 : 1);
    expect([...stored].sort(byName)).toEqual([...expectedTensors(manifest.model)].sort(byName));
    expect(parseCard(textOf(id, 'card.json')).parameters).toBe(manifest.weights.elements);
  });

  test('loads, every number finite', async () => {
    const { weights } = await loadTrained({ folder: `https://host/${id}`, fetch: serving(id) });
    expect(Object.keys(weights)).toEqual(manifest.weights.tensors.map(({ name }) => name));
    for (const { data } of Object.values(weights)) expect(data.every(Number.isFinite)).toBe(true);
  });

  test('the check holds 32 inputs with as many logits as the readout gives', () => {
    const check = JSON.parse(textOf(id, 'check.json'));
    const { readout, tokens, context } = manifest.model;
    expect(check.inputs).toHaveLength(32);
    for (const { tokens: row, sixteenths, logits } of check.inputs) {
      expect(logits).toHaveLength(readout.classes ?? ('vocabulary' in tokens ? tokens.vocabulary : 0));
      expect(logits.every(Number.isFinite)).toBe(true);
      if ('vocabulary' in tokens) {
        expect(row.length).toBeLessThanOrEqual(context);
        expect(row.every((token: number) => token >= 0 && token < tokens.vocabulary)).toBe(true);
      } else {
        expect(sixteenths).toHaveLength(tokens.size ** 2);
        expect(sixteenths.every((value: number) => value >= 0 && value <= 16)).toBe(true);
      }
    }
    expect(bytesOf(id, 'check.json').length).toBeLessThanOrEqual(150_000);
  });
});

describe('a bad file is refused by name', () => {
  const id = 'gpt-moby';
  const edited = (edit: (manifest: TrainedManifest) => void) => {
    const manifest = parseTrainedManifest(textOf(id, 'manifest.json'));
    edit(manifest);
    return JSON.stringify(manifest);
  };
  const refusal = (text: string) => {
    try {
      parseTrainedManifest(text);
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      return error as EngineError;
    }
    throw new Error('was taken');
  };

  test('swapped planes, which unpack to the right size, fall to the checksum, and are other numbers without it', async () => {
    const { deflateSync, inflateSync } = await import('node:zlib');
    const planes = inflateSync(bytesOf(id, 'weights.bin'));
    const half = planes.length / 2;
    const packed = new Uint8Array(deflateSync(Buffer.concat([planes.subarray(half), planes.subarray(0, half)])));
    const load = (replaced: Record<string, Uint8Array>) => loadTrained({ folder: 'x', fetch: serving(id, replaced) });
    await expect(load({ 'weights.bin': packed })).rejects.toMatchObject({ code: 'bad-file', field: 'weights.bin' });
    const lying = edited(({ weights }) => {
      weights.bytes = packed.length;
      weights.sha256 = createHash('sha256').update(packed).digest('hex');
    });
    const swapped = await load({ 'weights.bin': packed, 'manifest.json': new TextEncoder().encode(lying) });
    const real = await load({});
    const spread = ({ data }: { data: ArrayLike<number> }) => Math.max(...Array.from(data, Math.abs));
    expect(spread(real.weights['readout.weight']!)).toBeLessThan(10);
    expect(spread(swapped.weights['readout.weight']!)).not.toBeLessThan(10);
  });

  test('overlaps, gaps, names that stand twice, sizes that lie, addresses elsewhere', () => {
    const overlap = edited(({ weights }) => (weights.tensors[1]!.offset -= 1));
    expect(refusal(overlap)).toMatchObject({ field: expect.stringContaining('manifest.json: ') });
    const twice = edited(({ weights }) => (weights.tensors[1]!.name = weights.tensors[0]!.name));
    expect(refusal(twice).message).toContain('stands twice');
    const more = edited(({ weights }) => (weights.elements += 1));
    expect(refusal(more)).toMatchObject({ field: 'manifest.json: weights.elements' });
    const huge = edited(({ weights }) => (weights.bytes = 2 ** 40));
    expect(refusal(huge)).toMatchObject({ field: 'manifest.json: weights.bytes' });
    const elsewhere = edited(({ weights }) => (weights.file = '../../secret'));
    expect(refusal(elsewhere)).toMatchObject({ field: 'manifest.json: weights.file' });
    const letters = edited((manifest) => (manifest.alphabet = 'aab'));
    expect(refusal(letters)).toMatchObject({ field: 'manifest.json: alphabet' });
    const layout = edited((manifest) => (manifest.model.positions = { kind: 'rope', layout: 'other' } as never));
    expect(refusal(layout)).toMatchObject({ field: 'manifest.json: model.positions.layout' });
  });

  test('any text as a manifest or a card gives bad-file, nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const parse of [parseTrainedManifest, parseCard])
          expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad-file' }));
      }),
    );
  });
});
