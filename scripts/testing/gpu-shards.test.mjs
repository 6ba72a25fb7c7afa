import { expect, it } from 'vitest';
import { YARDSTICK } from '../exhibit-time.mjs';
import { shardsOf } from './gpu-shards.mjs';

it('every file runs in one shard, about as many in each, and the yardstick first in all', () => {
  const files = Array.from({ length: 41 }, (_, i) => `gpu/primitives/p${i}/p.gpu.test.ts`);
  const shards = shardsOf([...files, YARDSTICK], 2);
  expect(shards.map(([first]) => first)).toEqual([YARDSTICK, YARDSTICK]);
  expect(shards.flatMap((shard) => shard.slice(1)).sort()).toEqual([...files].sort());
  expect(Math.abs(shards[0].length - shards[1].length)).toBeLessThanOrEqual(1);
});

it('files that take long are spread', () => {
  const long = ['gpu/mechanisms/attention/recorder.gpu.test.ts', 'gpu/mechanisms/attention/properties.gpu.test.ts'];
  const others = Array.from({ length: 40 }, (_, i) => `gpu/primitives/p${i}/p.gpu.test.ts`);
  for (const shard of shardsOf([...long, ...others], 2))
    expect(shard.filter((file) => long.includes(file))).toHaveLength(1);
});
