// The exhibits to choose from, in the groups of the map: read from their cards alone. Pure.

import type { Card } from '#gpu/mechanisms/mechanism.ts';

export interface Family {
  title: string;
  cards: Card[];
}

/** Mechanisms by family; families, and the cards of one, in the order they are listed. */
export function familiesOf(cards: Iterable<Card>): Family[] {
  const families = new Map<string, Card[]>();
  for (const card of cards) {
    if (card.role !== 'mechanism') continue;
    families.set(card.family, [...(families.get(card.family) ?? []), card]);
  }
  return [...families].map(([title, members]) => ({ title, cards: members }));
}

/** Those that a search names, by title, summary, family or a preset's title; every word must be found. */
export function found(families: readonly Family[], search: string): Family[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = ({ title, family, summary, presets }: Card) => {
    const text = [title, family, summary, ...presets.map((preset) => preset.title)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return families
    .map(({ title, cards }) => ({ title, cards: cards.filter(holds) }))
    .filter(({ cards }) => cards.length > 0);
}
