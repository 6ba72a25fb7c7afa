// What lists show of every mechanism, without its code. Primitives stand in no list: their cards are part of their code.

import type { Card } from './mechanism.ts';
import { ids } from './registry.ts';

const found = import.meta.glob<Card>('./*/card.ts', { eager: true, import: 'card' });

const cardOf = new Map(Object.values(found).map((card) => [card.id, card]));

/** In the order of the registry. */
export const cards: ReadonlyMap<string, Card> = new Map(
  ids.flatMap((id): [string, Card][] => {
    const card = cardOf.get(id);
    return card ? [[id, card]] : [];
  }),
);
