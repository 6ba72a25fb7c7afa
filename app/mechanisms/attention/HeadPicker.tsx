// Which head, and which sequence of the batch, a picture of this exhibit's own is about.

import type { ReactNode } from 'react';
import { AxisPickers } from '../../exhibit/AxisPickers.tsx';
import { HEAD_PICKS } from '../../exhibit/picked-axes.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type PickedRow, rowsOf } from './followed-row.ts';
import { rowPlace } from './score-place.ts';

export interface HeadPickerProps {
  recording: Recording;
  picked: PickedRow;
  /** Nothing is chosen: the picture goes where the run goes. */
  following: boolean;
  /** The run that it follows is the one beside, whose row is shown here too. */
  beside: boolean;
  onSelect(place: Place | null): void;
  /** What else is chosen beside it. */
  children?: ReactNode;
}

export function HeadPicker({ recording, picked, following, beside, onSelect, children }: HeadPickerProps) {
  const { heads = 1, batch = 1 } = recording.config as { heads?: number; batch?: number };
  const counts = { batch, head: heads };
  return (
    <AxisPickers
      picks={HEAD_PICKS.map((pick) => ({
        ...pick,
        count: counts[pick.axis],
        at: picked[pick.axis],
        following: following ? (beside ? 'beside' : 'run') : null,
      }))}
      onPick={(axis, index) => {
        const next = { ...picked, [axis]: index };
        onSelect(rowPlace({ ...next, row: clampIndex(next.row, rowsOf(recording, next.batch)) }));
      }}
      onFollow={() => onSelect(null)}
    >
      {children}
    </AxisPickers>
  );
}
