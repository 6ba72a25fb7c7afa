// Which channel, and which sequence of the batch, the picture is about. The choice is the shared selection, so all views follow.

import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sizesOf } from './channel-record.ts';
import { channelPlace, type PickedChannel } from './picked-channel.ts';

export interface ChannelPickerProps {
  recording: Recording;
  picked: PickedChannel;
  /** What there is to choose from; the channels of `dim` by default. */
  choice?: { count: number; name: string };
  onSelect(place: Place): void;
}

export function ChannelPicker({ recording, picked, choice, onSelect }: ChannelPickerProps) {
  const { batch, dim } = sizesOf(recording);
  const { count, name } = choice ?? { count: dim, name: 'Channel' };
  const choose = (part: Partial<PickedChannel>) => onSelect(channelPlace(recording, { ...picked, ...part }));
  if (batch === 1 && count === 1) return null;
  return (
    <div className="strip-pickers">
      {batch > 1 && (
        <Picker label="Sequence" count={batch} value={picked.batch} onChange={(value) => choose({ batch: value })} />
      )}
      {count > 1 && (
        <Picker label={name} count={count} value={picked.channel} onChange={(value) => choose({ channel: value })} />
      )}
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
    <label className="strip-picker">
      {label}
      <input
        className="field numeric"
        type="number"
        min={0}
        max={count - 1}
        value={value}
        onChange={(event) => {
          const wanted = Number(event.target.value);
          if (Number.isInteger(wanted) && wanted >= 0 && wanted < count) onChange(wanted);
        }}
      />
      of {count}
    </label>
  );
}
