// The registry: every line has a card and code that are of one mouth.

import { expect, test } from 'vitest';
import { checkPlan } from '../plan/check.ts';
import { cards as listed } from './cards.ts';
import type { Card } from './mechanism.ts';
import { ids, loadMechanisms } from './registry.ts';

const files = import.meta.glob<Card>(['./*/card.ts', '../primitives/*/card.ts', '../model/*/card.ts'], {
  eager: true,
  import: 'card',
});
const byId = new Map(Object.values(files).map((card) => [card.id, card]));
const cards = new Map(ids.map((id) => [id, byId.get(id)!]));

test('every folder’s card is registered under the folder’s name; lists have those of mechanisms', () => {
  const folders = Object.keys(files).map((path) => path.split('/').at(-2)!);
  expect(folders.length).toBeGreaterThan(11);
  expect([...ids].sort()).toEqual(folders.sort());
  for (const [id, card] of cards) expect(card.id).toBe(id);
  expect([...listed]).toEqual([...cards].filter(([, { role }]) => role === 'mechanism'));
});

test('a mechanism shows what its card says', async () => {
  const mechanisms = await loadMechanisms();
  expect([...mechanisms.keys()]).toEqual([...cards.keys()]);
  for (const [id, { title, role, presets, variants, decodes }] of cards) {
    const mechanism = mechanisms.get(id)!;
    expect(mechanism).toMatchObject({ id, title, role, presets });
    expect(mechanism.variants.map((each) => ({ id: each.id, title: each.title }))).toEqual(variants);
    expect(mechanism.decoding !== undefined, id).toBe(decodes === true);
    for (const { variant, config } of presets) {
      expect(variants.map((each) => each.id)).toContain(variant);
      expect(() => mechanism.resolve(config)).not.toThrow();
    }
  }
});

test('a card is whole: a family, a summary of one line, presets of different names', () => {
  for (const { family, summary, presets, title } of cards.values()) {
    expect(family, title).toMatch(/\S/);
    expect(summary, title).toMatch(/^[^\n]{20,140}\.$/);
    expect(presets.length, title).toBeGreaterThan(0);
    expect(new Set(presets.map(({ id }) => id)).size, title).toBe(presets.length);
    expect(new Set(presets.map((each) => each.title)).size, title).toBe(presets.length);
  }
});

test('every tensor of every plan names its axes, and an axis has one extent in a plan', async () => {
  let plans = 0;
  for (const [id, { presets, variants, resolve, plan }] of await loadMechanisms()) {
    const packed =
      id === 'attention' ? [{ seqlensQ: [3, 5], seqlensK: [4, 5], packed: true, heads: 2, headDim: 8 }] : [];
    for (const raw of [...presets.map(({ config }) => config), ...packed]) {
      const config = resolve(raw);
      for (const variant of variants.filter(({ supports }) => supports(config, {}) === true)) {
        const made = plan(variant.id, config, {});
        const label = `${id}/${variant.id} ${JSON.stringify(raw)}`;
        for (const { name, axes, shape } of made.buffers) expect(axes?.length, `${label}: ${name}`).toBe(shape.length);
        const texts = Object.fromEntries(variant.kernels.map(({ file, wgsl }) => [file, wgsl]));
        expect(() => checkPlan(made, texts, {}), label).not.toThrow();
        plans++;
      }
    }
  }
  expect(plans).toBeGreaterThan(60);
});
