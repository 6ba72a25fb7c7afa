// What every mechanism that goes on token by token declares of it holds for its own plan.

import { expect, test } from 'vitest';
import { mechanisms } from './all.ts';
import type { Decoding, Mechanism } from './mechanism.ts';

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
};

const declared: [Mechanism, Decoding][] = [];
for (const mechanism of mechanisms.values()) {
  const decoding = await mechanism.decoding?.();
  if (decoding) declared.push([mechanism, decoding]);
}

test('there are some, of different kinds', () => {
  expect(declared.map(([{ id }]) => id)).toEqual(expect.arrayContaining(['attention', 'mamba-block']));
  expect(new Set(declared.map(([, { keeps }]) => keeps)).size).toBe(declared.length);
});

for (const [mechanism, decoding] of declared) {
  const { id } = mechanism;
  test(`${id}: the parts and caches are those of its plan, at any width and length`, () => {
    for (const width of [1, 7, 8, 64, 65, 127, 192]) {
      for (const length of [1, 100]) {
        const config = mechanism.resolve(decoding.configAt(length, width));
        expect([decoding.width(config), decoding.length(config)], `${width} × ${length}`).toEqual([width, length]);
        const plan = mechanism.plan(decoding.variant, config, LIMITS);
        const parts = ['run', ...Object.keys(plan.parts ?? {})];
        expect(parts).toEqual(expect.arrayContaining([decoding.step, decoding.prefill ?? 'run']));
        const caches = plan.buffers.filter(({ name }) => decoding.caches.includes(name));
        expect(caches).toHaveLength(decoding.caches.length);
        const bytes = caches.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
        expect(decoding.cacheBytes(config)).toBe(bytes);
        const token = Object.entries(decoding.makeToken?.(config, 1) ?? {});
        for (const [name, { shape }] of token) {
          expect(plan.buffers.find((each) => each.name === name)?.shape).toEqual(shape);
        }
        expect(decoding.sizes(config)).toMatch(/\d/);
      }
    }
  });

  test(`${id}: a preset keeps its settings, with one sequence and another length`, () => {
    for (const { config: raw, variant } of mechanism.presets) {
      const like = mechanism.resolve(raw);
      if (like.mode === 's4') {
        expect(() => decoding.configAt(9, decoding.width(like), like)).toThrow(/no next token/);
        continue;
      }
      const config = mechanism.resolve(decoding.configAt(9, decoding.width(like), like));
      expect(decoding.length(config), variant).toBe(9);
      expect(config.batch).toBe(1);
      expect(decoding.width(config)).toBe(decoding.width(like));
      expect(decoding.sizes(config)).toBe(decoding.sizes(like));
    }
  });
}
