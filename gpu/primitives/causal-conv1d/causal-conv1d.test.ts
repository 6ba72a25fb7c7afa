import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { causalConv1d } from './causal-conv1d.ts';

const x = tensor('f32', [1, 1, 4], [1, 2, 3, 4]);
const weight = tensor('f32', [1, 3], [100, 10, 1]);

test('the reference filters a hand-checked row, from zeros and from given inputs', () => {
  const config = { activation: 'none' };
  const plain = { x, weight };
  const first = causalConv1d.reference(causalConv1d.resolve(config, plain), plain);
  expect(Array.from(first.out!.data)).toEqual([1, 12, 123, 234]);
  expect(Array.from(first.final_states!.data)).toEqual([3, 4]);
  const given = { x, weight, initial_states: tensor('f32', [1, 1, 2], [8, 9]) };
  const second = causalConv1d.reference(causalConv1d.resolve(config, given), given);
  expect(Array.from(second.out!.data)).toEqual([891, 912, 123, 234]);
});

test('the reference updates a rolling state and a ring', () => {
  const token = tensor('f32', [1, 1, 1], [7]);
  const rolling = { x: token, weight, conv_state: tensor('f32', [1, 1, 3], [4, 5, 6]) };
  const rolled = causalConv1d.reference(causalConv1d.resolve({ activation: 'none' }, rolling), rolling);
  expect(Array.from(rolled.out!.data)).toEqual([567]);
  expect(Array.from(rolled.new_conv_state!.data)).toEqual([5, 6, 7]);
  // Ring of 3 after 4 inputs: the last two, numbers 2 and 3, stand at places 2 and 0; number 4 goes to place 1.
  const ring = { ...rolling, cache_seqlens: tensor('i32', [1], [4]) };
  const turned = causalConv1d.reference(causalConv1d.resolve({ activation: 'none' }, ring), ring);
  expect(Array.from(turned.out!.data)).toEqual([647]);
  expect(Array.from(turned.new_conv_state!.data)).toEqual([4, 7, 6]);
});

test('a state too short for the filter, a variant without its tensors, and wrong shapes are named', () => {
  const short = { x, weight, conv_state: tensor('f32', [1, 1, 1], [0]) };
  expect(() => causalConv1d.resolve({}, short)).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'stateLen', value: 1, limit: 2 }),
  );
  const config = causalConv1d.resolve({}, { x, weight });
  expect(() => causalConv1d.plan('update', config, {})).toThrow(
    expect.objectContaining({ code: 'unsupported', field: 'step' }),
  );
  const wrong = { x, weight, initial_states: tensor('f32', [1, 2, 2], [0, 0, 0, 0]) };
  expect(() => causalConv1d.resolve({}, wrong)).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'initial_states', limit: [1, 1, 2] }),
  );
});
