// Test code.

import type { Place } from '../../../exhibit/place.ts';
import type { PickedRow } from '../followed-row.ts';

/** The tile that holds this score. */
export const tilePlace = ({ batch, head, row }: PickedRow, key: number): Place => ({
  kind: 'at',
  at: { batch, head, row, key },
});
