import { expect, test } from 'vitest';
import { GLOSSARY } from './entries.ts';
import { isTerm, TERMS } from './terms.ts';

test('every term has one sentence, and none is missing', () => {
  expect(Object.keys(GLOSSARY).sort()).toEqual([...TERMS].sort());
  expect(TERMS.length).toBeGreaterThanOrEqual(20);
  for (const { title, text } of Object.values(GLOSSARY)) {
    expect(title.length).toBeGreaterThan(0);
    expect(text).toMatch(/\.$/);
    expect(text.match(/[.!?](?=\s|$)/g)).toHaveLength(1);
  }
});

test('only ids of the glossary are terms', () => {
  expect(isTerm('online-softmax')).toBe(true);
  expect(isTerm('toString')).toBe(false);
  expect(isTerm(undefined)).toBe(false);
});
