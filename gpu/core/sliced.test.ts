import { expect, test } from 'vitest';
import { finish, finishInSlices, type Sliced } from './sliced.ts';

function* sum(count: number): Sliced<number> {
  let total = 0;
  for (let i = 1; i <= count; i++) {
    total += i;
    yield;
  }
  return total;
}

test('work gives the same at once and in slices', async () => {
  expect(finish(sum(100))).toBe(5050);
  expect(await finishInSlices(sum(100))).toBe(5050);
});

test('the page gets its turn whenever a slice has taken its time', async () => {
  let now = 0;
  let pauses = 0;
  let longest = 0;
  let began = 0;
  function* slow(): Sliced<void> {
    for (let i = 0; i < 40; i++) {
      now += 3;
      longest = Math.max(longest, now - began);
      yield;
    }
  }
  await finishInSlices(slow(), {
    now: () => now,
    pause: async () => {
      pauses += 1;
      began = now;
    },
  });
  expect(pauses).toBe(10);
  expect(longest).toBeLessThanOrEqual(12);
});

test('what the work throws is thrown', async () => {
  function* broken(): Sliced<void> {
    yield;
    throw new Error('no probes');
  }
  await expect(finishInSlices(broken())).rejects.toThrow('no probes');
  expect(() => finish(broken())).toThrow('no probes');
});
