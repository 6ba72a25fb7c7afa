import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { blockKinds } from '../blocks.ts';
import { block } from './block.ts';

test('there is a variant for every kind of block, and one for several', () => {
  expect(block.variants.map(({ id }) => id).sort()).toEqual([...blockKinds.keys(), 'sequence'].sort());
});

test('a feed-forward of one unit by hand: relu(1·x₀ + 2·x₁) to both channels, added to x', () => {
  const inputs = {
    x: tensor('f32', [1, 2, 2], [1, 2, 3, -4]),
    'up_proj.weight': tensor('f32', [1, 2], [1, 2]),
    'down_proj.weight': tensor('f32', [2, 1], [10, -1]),
  };
  const config = block.resolve({ kind: 'mlp', norm: 'none', hidden: 1, activation: 'relu' }, inputs);
  expect(config).toMatchObject({ kind: 'mlp', batch: 1, seqlen: 2, width: 2 });
  // 1 + 4 = 5: 1 + 50, 2 − 5; 3 − 8 is cut off.
  expect(Array.from(block.reference(config, inputs).out!.data)).toEqual([51, -3, 3, -4]);
});

test('the keys say which kind it is; where they do not, or do not fit, that is named', () => {
  const size = { batch: 1, seqlen: 3, width: 8 };
  expect(block.resolve({ ...size, heads: 2 })).toMatchObject({ kind: 'attention', heads: 2 });
  expect(() => block.resolve(size)).toThrow(expect.objectContaining({ code: 'bad-config', field: 'kind' }));
  expect(() => block.resolve({ ...size, kind: 'attention', heads: 3 })).toThrow(
    expect.objectContaining({ code: 'bad-config', value: 3 }),
  );
  const config = block.resolve({ ...size, heads: 2 });
  expect(block.variants.find(({ id }) => id === 'mlp')!.supports(config, {})).toMatchObject({
    code: 'unsupported',
    value: 'attention',
  });
});
