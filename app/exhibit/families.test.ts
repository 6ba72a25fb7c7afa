import { expect, test } from 'vitest';
import type { Card } from '#gpu/mechanisms/mechanism.ts';
import { familiesOf, found } from './families.ts';

const card = (id: string, family: string, more: Partial<Card> = {}): Card => ({
  id,
  title: id.toUpperCase(),
  role: 'mechanism',
  family,
  summary: `What ${id} does.`,
  variants: [],
  presets: [],
  ...more,
});

const cards = [
  card('a', 'Attention'),
  card('s', 'State space', { summary: 'Reads a sequence once.' }),
  card('p', 'Building blocks', { role: 'primitive' }),
  card('b', 'Attention', { presets: [{ id: 'tiles', title: 'In sixteen tiles', variant: 'v', config: {} }] }),
];

test('mechanisms stand in their families, in the order they are listed, without the primitives', () => {
  const ids = familiesOf(cards).map(({ title, cards: members }) => [title, members.map(({ id }) => id)]);
  expect(ids).toEqual([
    ['Attention', ['a', 'b']],
    ['State space', ['s']],
  ]);
});

test('a search finds titles, summaries, families and presets by all its words, in any case', () => {
  const idsOf = (search: string) =>
    found(familiesOf(cards), search).flatMap(({ cards: members }) => members.map(({ id }) => id));
  expect(idsOf('')).toEqual(['a', 'b', 's']);
  expect(idsOf('  sequence ONCE ')).toEqual(['s']);
  expect(idsOf('attention')).toEqual(['a', 'b']);
  expect(idsOf('attention sixteen')).toEqual(['b']);
  expect(idsOf('nothing like it')).toEqual([]);
});
