import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stepLooks } from './step-names.ts';

const names = Array.from({ length: 23 }, (_, i) => `step ${i}`);

test('steps have shades of their own, which no tensor has, and letters that are not alike', () => {
  const looks = stepLooks(['', ...names]);
  expect(looks.filter(({ ink }) => ink.startsWith('--tone')).map(({ name }) => name)).toEqual(['']);
  const letters = looks.slice(1).map(({ letter }) => letter);
  expect(new Set(letters).size).toBe(names.length);
  for (const alike of ['i', 'l', 'o']) expect(letters).not.toContain(alike);
  // Shade and pattern together are another for every name of a kernel as long as any that is shipped.
  expect(new Set(looks.slice(1, 17).map(({ ink, pattern }) => `${ink} ${pattern}`)).size).toBe(16);
});

test('the shades of steps are grey, in both themes', () => {
  const tokens = [...readFileSync('app/styles/tokens.css', 'utf8').matchAll(/--step-\d: #(\w\w)(\w\w)(\w\w)/g)];
  expect(tokens).toHaveLength(8);
  for (const [text, ...channels] of tokens) {
    const values = channels.map((channel) => Number.parseInt(channel, 16));
    expect(Math.max(...values) - Math.min(...values), text).toBeLessThan(28);
  }
});
