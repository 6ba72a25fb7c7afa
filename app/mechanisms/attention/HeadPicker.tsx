// Which head, and which sequence of the batch, the picture is about. The choice is the shared selection, so all views follow; with no
// choice the pictures follow the run from head to head, and say so.

import type { ReactNode } from 'react';
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
  const heads = Number(recording.config.heads ?? 1);
  const batch = Number(recording.config.batch ?? 1);
  if (heads === 1 && batch === 1 && !children) return null;
  const choose = (part: Partial<PickedRow> | null) => {
    if (!part) return onSelect(null);
    const next = { ...picked, ...part };
    onSelect(rowPlace({ ...next, row: clampIndex(next.row, rowsOf(recording, next.batch)) }));
  };
  return (
    <div className="attention-pickers">
      {batch > 1 && (
        <Picker
          label="Sequence"
          count={batch}
          value={picked.batch}
          following={following}
          beside={beside}
          onChange={(n) => choose(n === null ? null : { batch: n })}
        />
      )}
      {heads > 1 && (
        <Picker
          label="Head"
          count={heads}
          value={picked.head}
          following={following}
          beside={beside}
          onChange={(n) => choose(n === null ? null : { head: n })}
        />
      )}
      {children}
    </div>
  );
}

interface PickerProps {
  label: string;
  count: number;
  value: number;
  following: boolean;
  beside: boolean;
  /** Null: follow the run. */
  onChange(value: number | null): void;
}

const FOLLOW = 'follow';

function Picker({ label, count, value, following, beside, onChange }: PickerProps) {
  return (
    <label className="attention-picker">
      {label}
      <select
        value={following ? FOLLOW : value}
        onChange={({ target }) => onChange(target.value === FOLLOW ? null : Number(target.value))}
      >
        <option value={FOLLOW}>
          {following ? `${value + 1} of ${count}, ${beside ? 'as beside' : 'following the run'}` : 'follow the run'}
        </option>
        {Array.from({ length: count }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: heads are their numbers
          <option key={i} value={i}>
            {i + 1} of {count}
          </option>
        ))}
      </select>
    </label>
  );
}
