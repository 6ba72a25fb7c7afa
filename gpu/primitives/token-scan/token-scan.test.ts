import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { tokenScan } from './token-scan.ts';

test('the reference takes two hand-checked tokens, from zero and from a state', () => {
  const inputs = {
    x: tensor('f32', [1, 2, 1, 1], [3, 1]),
    dt: tensor('f32', [1, 2, 1], [2, 1]),
    B: tensor('f32', [1, 2, 1, 2], [1, -1, 0, 1]),
    C: tensor('f32', [1, 2, 1, 2], [1, 10, 1, 1]),
    A: tensor('f32', [1, 1, 2], [0, 0]),
    D: tensor('f32', [1], [100]),
    state: tensor('f32', [1, 1, 1, 2], [8, 4]),
  };
  const run = (raw: object) => {
    const config = tokenScan.resolve({ logRates: false, softplus: false, ...raw }, inputs);
    const { out, new_state } = tokenScan.reference(config, inputs);
    return { out: [...out!.data], state: [...new_state!.data] };
  };
  // A = 0 keeps the state; Δ B x = ±6, then 0 and 1.
  expect(run({})).toEqual({ out: [6 - 60 + 300, 6 - 5 + 100], state: [6, -5] });
  expect(run({ position: 3 })).toEqual({ out: [14 - 20 + 300, 14 - 1 + 100], state: [14, -1] });
});

test('S6 with heads of several channels, groups that do not fit and too many states are refused by name', () => {
  const sizes = { tokens: 2, heads: 4, states: 2 };
  for (const [key, value] of [
    ['headDim', 2],
    ['groups', 3],
    ['states', 33],
  ] as const)
    expect(() => tokenScan.resolve({ ...sizes, [key]: value })).toThrow(
      expect.objectContaining({ code: 'bad-config', field: key, value }),
    );
  expect(tokenScan.resolve({ ...sizes, headDim: 2, form: 'ssd' })).toMatchObject({ headDim: 2 });
});
