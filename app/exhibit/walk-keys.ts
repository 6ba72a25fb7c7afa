// Where keys lead in a picture: over cells, and along what has one order.

import { clampIndex } from './place.ts';

export type Walk = Readonly<Record<string, readonly [rows: number, columns: number]>>;

/** To the cell beside. */
export const BESIDE: Walk = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** And to both ends of the row. */
export const IN_ROW: Walk = {
  ...BESIDE,
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** To the one before and the one behind, however they are laid out. */
export const IN_ORDER: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * Which of `count` comes `by` behind `from`. From none of them the walk begins at the end it comes from.
 *
 * @param by of the key; undefined where it means nothing here
 */
export function along(by: number | undefined, from: number | null, count: number): number | null {
  if (by === undefined || count === 0) return null;
  return clampIndex((from ?? (by < 0 ? count : -1)) + by, count);
}
