// Which head, and which sequence of the batch, the picture is about. The choice is the shared selection, so all views follow.

import type { Recording, Selection } from '../view.ts';
import { type PickedRow, rowsOf } from './followed-row.ts';

export interface HeadPickerProps {
  recording: Recording;
  picked: PickedRow;
  onSelect(selection: Selection): void;
}

export function HeadPicker({ recording, picked, onSelect }: HeadPickerProps) {
  const heads = Number(recording.config.heads ?? 1);
  const batch = Number(recording.config.batch ?? 1);
  if (heads === 1 && batch === 1) return null;
  const choose = (part: Partial<PickedRow>) => {
    const next = { ...picked, ...part };
    onSelect({ kind: 'row', ...next, row: Math.min(next.row, Math.max(rowsOf(recording, next.batch) - 1, 0)) });
  };
  return (
    <div className="attention-pickers">
      {batch > 1 && (
        <Picker label="Sequence" count={batch} value={picked.batch} onChange={(n) => choose({ batch: n })} />
      )}
      {heads > 1 && <Picker label="Head" count={heads} value={picked.head} onChange={(n) => choose({ head: n })} />}
    </div>
  );
}

interface PickerProps {
  label: string;
  count: number;
  value: number;
  onChange(value: number): void;
}

function Picker({ label, count, value, onChange }: PickerProps) {
  return (
    <label className="attention-picker">
      {label}
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
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
