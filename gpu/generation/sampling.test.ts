import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniformStream } from '../core/random.ts';
import { draw, ranked } from './sampling.ts';

const logits = [Math.log(0.5), Math.log(0.1), Math.log(0.3), Math.log(0.1)];
const all = { temperature: 1, topK: 0, topP: 1 };

test('ranked gives the softmax, likeliest first, of equals the lower id first', () => {
  expect(ranked(logits).map(({ id }) => id)).toEqual([0, 2, 1, 3]);
  expect(ranked(logits).map(({ probability }) => probability.toFixed(6))).toEqual([
    '0.500000',
    '0.300000',
    '0.100000',
    '0.100000',
  ]);
  expect(ranked([1000, -1000, 1000]).map(({ id }) => id)).toEqual([0, 2, 1]);
});

test('temperature 0 takes the likeliest and asks for no random number', () => {
  expect(draw(ranked(logits), { ...all, temperature: 0 }, () => expect.fail('asked')).id).toBe(0);
});

test('draws come as often as their probability says', () => {
  const next = uniformStream(1, 'draws');
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) counts[draw(ranked(logits), all, next).id]! += 1;
  // Four standard deviations of a share of 20 000 draws are at most 0.0142.
  for (const [id, share] of [0.5, 0.1, 0.3, 0.1].entries())
    expect(Math.abs(counts[id]! / 20_000 - share)).toBeLessThan(0.0142);
});

test('top-k and top-p leave out the unlikely: p keeps the fewest that reach it', () => {
  const ids = (sampling: object) => {
    const next = uniformStream(2, 'ids');
    return new Set(Array.from({ length: 2000 }, () => draw(ranked(logits), { ...all, ...sampling }, next).id));
  };
  expect(ids({ topK: 2 })).toEqual(new Set([0, 2]));
  expect(ids({ topP: 0.5 })).toEqual(new Set([0]));
  expect(ids({ topP: 0.51 })).toEqual(new Set([0, 2]));
  expect(ids({ topK: 3, topP: 0.95 })).toEqual(new Set([0, 1, 2]));
});

test('a temperature below 1 prefers the likely: p^(1/T)', () => {
  const next = uniformStream(3, 'cold');
  let first = 0;
  for (let i = 0; i < 20_000; i++) if (draw(ranked(logits), { ...all, temperature: 0.5 }, next).id === 0) first += 1;
  // 0.25 / (0.25 + 0.09 + 0.01 + 0.01)
  expect(Math.abs(first / 20_000 - 0.25 / 0.36)).toBeLessThan(0.0142);
});

test('whatever the logits and settings, a token of the list comes out', () => {
  const number = fc.double({ noNaN: true, min: -1e4, max: 1e4 });
  const settings = fc.record({
    temperature: fc.double({ noNaN: true, min: 0, max: 5 }),
    topK: fc.nat(50),
    topP: fc.double({ noNaN: true, min: 0, max: 1 }),
  });
  fc.assert(
    fc.property(
      fc.array(number, { minLength: 1, maxLength: 40 }),
      settings,
      fc.double({ noNaN: true, min: 0, max: 0.999999 }),
      (values, sampling, u) => {
        const { id, probability } = draw(ranked(values), sampling, () => u);
        expect(id).toBeLessThan(values.length);
        expect(probability).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
