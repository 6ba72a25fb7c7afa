import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cards } from '#gpu/mechanisms/cards.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { nearestShipped, shippedOf } from './nearest-shipped.ts';
import type { ShippedEntry } from './shipped-recordings.ts';

const index = fileURLToPath(new URL('../../../public/recordings/index.json', import.meta.url));
const entries: ShippedEntry[] = JSON.parse(readFileSync(index, 'utf8'));
const usual = DEFAULT_EXPERIMENT.mechanism;
const nearest = (link: string) => nearestShipped(entries, link, usual);

test('every exhibit has a recording that plays without a device', () => {
  const exhibits = [...cards.values()].filter(({ role }) => role === 'mechanism');
  const counts = exhibits.map(({ id }) => shippedOf(entries, id, usual).length);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(entries.length);
});

test('what is shipped is the nearest to itself; a changed setting, seed or sentence leads to the same mechanism and variant', () => {
  for (const entry of entries) {
    expect(nearest(entry.link)).toBe(entry);
    const [m, k] = ['m', 'k'].map((key) => new URLSearchParams(entry.link).get(key));
    for (const more of ['seed=7', 'heads=3&seed=4', 'text=another%20one']) {
      const found = new URLSearchParams(nearest(`${entry.link || 'v=3'}&${more}`)!.link);
      expect([found.get('m'), found.get('k')], entry.title).toEqual([m, k]);
    }
  }
});

test('an unknown variant leads to a recording of its mechanism, a mechanism of which none is shipped to none', () => {
  expect(new URLSearchParams(nearest('v=3&m=selective-scan&k=none')!.link).get('m')).toBe('selective-scan');
  expect(nearest('v=3&m=matmul')).toBeNull();
});
