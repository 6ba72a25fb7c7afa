// Which head, channel or sequence a picture is about. The choice is a place, so all views follow.

import type { Pick } from './picture.ts';

export interface AxisPickersProps {
  picks: readonly Pick[];
  onPick(axis: string, index: number): void;
}

export function AxisPickers({ picks, onPick }: AxisPickersProps) {
  const open = picks.filter(({ count }) => count > 1);
  if (open.length === 0) return null;
  return (
    <div className="strip-pickers">
      {open.map(({ axis, label, count, at, first = 0 }) => (
        <label key={axis} className="strip-picker">
          {label}
          <input
            className="field numeric"
            type="number"
            min={first}
            max={count - 1 + first}
            value={at + first}
            onChange={(event) => {
              const wanted = Number(event.target.value) - first;
              if (Number.isInteger(wanted) && wanted >= 0 && wanted < count) onPick(axis, wanted);
            }}
          />
          of {count}
        </label>
      ))}
    </div>
  );
}
