import { expect, test } from 'vitest';
import { type Candidate, columnsOf, drawConfigs, pickTelling } from './draw.ts';

const description = {
  sizes: {
    rows: { most: 9, usual: 4, ofInputs: true },
    kept: { most: 9, usual: 4, least: 0, ofInputs: true },
  },
  numbers: { share: { usual: 0.5, least: 0, most: 1, step: 0.1 } },
  options: { mode: { choices: ['a', 'b'] } },
  tensors: { bias: { role: 'input', title: 'bias', optional: 'hasBias' } },
} as const;

test('sizes are 1, a prime and the edges of a tile, numbers usual and at their ends; options and flags have all their values', () => {
  expect(columnsOf(description, { tiles: { rows: 64 }, only: { mode: ['b'] } })).toEqual({
    rows: [1, 5, 63, 64, 65],
    kept: [0, 1, 5, 2],
    share: [0.5, 0, 1],
    mode: ['b'],
    hasBias: [true, false],
  });
});

test('every value of every column is shown by few configs, those of presets among them', () => {
  const columns = columnsOf(description, { tiles: { rows: 64 } });
  const candidates = drawConfigs(columns, 300).map((raw): Candidate => ({ raw, kernels: [String(raw.mode)] }));
  const preset = { raw: { rows: 5, kept: 0, share: 1, mode: 'a', hasBias: true }, kernels: ['a'] };
  const picked = [preset, ...pickTelling(candidates, 5, [preset], new Set())];
  for (const [name, values] of Object.entries(columns))
    expect(new Set(picked.map(({ raw }) => (raw as Record<string, unknown>)[name])), name).toEqual(new Set(values));
});

test('once all is shown, configs of kernels that are compiled come first', () => {
  const of = (rows: number, kernel: string): Candidate => ({ raw: { rows }, kernels: [kernel] });
  const picked = pickTelling([of(1, 'new'), of(1, 'known')], 1, [of(1, 'known')], new Set(['known']));
  expect(picked).toEqual([of(1, 'known')]);
});
