import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { selectiveStateUpdate } from './selective-state-update.ts';

test('the reference takes a hand-checked step', () => {
  const inputs = {
    state: tensor('f32', [1, 1, 2], [8, 4]),
    x: tensor('f32', [1, 1], [3]),
    dt: tensor('f32', [1, 1], [2]),
    A: tensor('f32', [1, 2], [0, 0]),
    B: tensor('f32', [1, 2], [1, -1]),
    C: tensor('f32', [1, 2], [1, 10]),
    D: tensor('f32', [1], [100]),
  };
  const config = selectiveStateUpdate.resolve({ dtSoftplus: false }, inputs);
  const { out, new_state } = selectiveStateUpdate.reference(config, inputs);
  // A = 0 keeps the state; Δ B x = ±6.
  expect(Array.from(new_state!.data)).toEqual([14, -2]);
  expect(Array.from(out!.data)).toEqual([14 - 20 + 300]);
});

test('heads and groups follow from the ranks; contradictions are named', () => {
  const sizes = { batch: 2, heads: 4, dim: 3, dstate: 5, groups: 2 };
  const inputs = selectiveStateUpdate.makeInputs(selectiveStateUpdate.resolve(sizes), 1);
  expect(selectiveStateUpdate.resolve({}, inputs)).toMatchObject(sizes);
  const flat = selectiveStateUpdate.makeInputs(selectiveStateUpdate.resolve({ batch: 1, dim: 3, dstate: 2 }), 1);
  expect(selectiveStateUpdate.resolve({}, flat)).toMatchObject({ heads: 0, groups: 0, dim: 3 });
  expect(() => selectiveStateUpdate.resolve({ ...sizes, groups: 3 })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'groups', value: 3, limit: 4 }),
  );
  expect(() => selectiveStateUpdate.resolve({ dstate: 6 }, inputs)).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'dstate' }),
  );
});
