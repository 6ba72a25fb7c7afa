import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Build, sampleDefaults } from '../stores/model-store.ts';
import { encodeModelLink, openModelLink } from './model-link.ts';

const part = fc.record({ kind: fc.constantFrom('attention', 'mlp'), heads: fc.nat(9) }).map((each) => ({ ...each }));
const build: fc.Arbitrary<Build> = fc.record({
  preset: fc.constantFrom('gpt', 'wide'),
  stack: fc.option(
    fc.record({
      tokens: part,
      width: fc.integer({ min: 1, max: 99 }),
      positions: fc.record({ kind: fc.constant('learned') }),
      blocks: fc.array(part, { maxLength: 9 }),
      readout: part,
      context: fc.integer({ min: 1, max: 99 }),
    }),
  ),
  prompt: fc.string({ unit: 'grapheme', maxLength: 400 }),
  seed: fc.nat(),
  sampling: fc.record({
    temperature: fc.constantFrom(0, 0.8, 1.25),
    topK: fc.nat(50),
    topP: fc.constantFrom(0, 0.5, 1),
  }),
  most: fc.integer({ min: 1, max: 4096 }),
});

test('whatever is built comes back from its own link, without a complaint', () => {
  fc.assert(
    fc.property(build, (each) => {
      const { build: opened, complaints } = openModelLink(encodeModelLink(each));
      expect(complaints).toEqual([]);
      expect(opened).toEqual(each);
    }),
  );
  expect(encodeModelLink(sampleDefaults)).toBe('#models');
});

test('what cannot be used is named, with what it should be, and the rest is kept', () => {
  const { build: opened, complaints } = openModelLink('#models?v=1&seed=abc&topP=7&prompt=Hello&stack={"blocks":3}');
  expect(opened).toMatchObject({ seed: sampleDefaults.seed, prompt: 'Hello', stack: null, sampling: { topP: 1 } });
  expect(complaints).toEqual([
    'stack “{"blocks":3}” in the link is not a list of blocks; it was left out.',
    'seed “abc” in the link is not a number; it was left out.',
    'topP “7” in the link is not at most 1; it was left out.',
  ]);
});

test('500 mutated or hostile links open a build', () => {
  fc.assert(
    fc.property(build, fc.nat(), fc.string(), (each, at, noise) => {
      const link = encodeModelLink(each);
      const place = at % (link.length + 1);
      const opened = openModelLink(link.slice(0, place) + noise + link.slice(place)).build;
      expect(opened.most).toBeGreaterThan(0);
      expect(opened.prompt.length).toBeLessThanOrEqual(20_000);
    }),
    { numRuns: 500 },
  );
});
