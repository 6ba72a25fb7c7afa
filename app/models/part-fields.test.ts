import { expect, test } from 'vitest';
import { blockKinds } from '#gpu/model/blocks.ts';
import { readoutKinds, tokenKinds } from '#gpu/model/ends.ts';
import { fieldsOf } from './part-fields.ts';

test('an attention block’s settings become fields with their ranges and defaults', () => {
  const fields = new Map(fieldsOf(blockKinds.get('attention')!).map((field) => [field.key, field]));
  expect(fields.get('heads')).toMatchObject({ type: 'number', whole: true, least: 1, most: 64, usual: undefined });
  expect(fields.get('causal')).toMatchObject({ type: 'switch', usual: true });
  expect(fields.get('norm')).toMatchObject({ type: 'choice', choices: ['layer', 'rms', 'none'], usual: 'layer' });
});

test('every kind has fields, each with a name of its own', () => {
  for (const kind of [...blockKinds.values(), ...tokenKinds.values(), ...readoutKinds.values()]) {
    const labels = fieldsOf(kind).map(({ label }) => label);
    expect(labels.length, kind.kind).toBeGreaterThan(0);
    expect(new Set(labels).size, kind.kind).toBe(labels.length);
  }
});
