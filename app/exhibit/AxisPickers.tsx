// Which head, channel or sequence a picture is about. The choice is a place, so all views follow; where the picture goes along with the run
// while nothing is chosen, it says so.

import type { ReactNode } from 'react';
import type { Pick } from './picture.ts';

export interface AxisPickersProps {
  picks: readonly Pick[];
  onPick(axis: string, index: number): void;
  onFollow(): void;
  /** What else is chosen beside it. */
  children?: ReactNode;
}

const FOLLOW = 'follow';

export function AxisPickers({ picks, onPick, onFollow, children }: AxisPickersProps) {
  const open = picks.filter(({ count }) => count > 1);
  if (open.length === 0 && !children) return null;
  return (
    <div className="axis-pickers">
      {open.map((pick) => (
        <AxisPicker
          key={pick.axis}
          pick={pick}
          onChange={(value) => (value === FOLLOW ? onFollow() : onPick(pick.axis, Number(value)))}
        />
      ))}
      {children}
    </div>
  );
}

function AxisPicker({ pick, onChange }: { pick: Pick; onChange(value: string): void }) {
  const { label, count, at, first = 0, following } = pick;
  const numbered = (index: number) => (first === 0 ? `${index} of 0 to ${count - 1}` : `${index + first} of ${count}`);
  const why = following === 'beside' ? 'as beside' : 'following the run';
  return (
    <label className="axis-picker">
      {label}
      <select value={following ? FOLLOW : at} onChange={({ target }) => onChange(target.value)}>
        {following !== undefined && (
          <option value={FOLLOW}>{following ? `${numbered(at)}, ${why}` : 'follow the run'}</option>
        )}
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is picked from is its index
          <option key={index} value={index}>
            {numbered(index)}
          </option>
        ))}
      </select>
    </label>
  );
}
