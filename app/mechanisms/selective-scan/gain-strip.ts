// (recording, tick) → the factor φ = (eˣ − 1) / x of every state and step of a channel, where a kernel recorded it.

import { held } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { mostOf, sizesOf, upTo } from '../../pictures/strips/channel-record.ts';
import type { Strip } from '../../pictures/strips/time-strips.ts';
import { tensorLooks } from './tensors.ts';

/** No strip where nothing was recorded. */
export function gainStrip(recording: Recording, batch: number, channel: number, tick: number): Strip[] {
  const { dstate, seqlen } = sizesOf(recording);
  const { values, step, count } = held(recording.trace, 'gain', { state: dstate, time: seqlen }, { batch, channel });
  if (count === 0) return [];
  const { letter, colour } = tensorLooks.gain!;
  return [
    {
      ...{ id: 'gain', letter, ink: colour, title: '(eˣ − 1) / x', note: 'recorded', rows: dstate },
      ...{ values: upTo(values, step, tick), most: mostOf(values), signed: false },
    },
  ];
}
