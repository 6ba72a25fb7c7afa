// (recording, tick) → the factor φ = (eˣ − 1) / x of every state and step of a channel, where a kernel recorded it.

import { probeTable } from '#gpu/trace/probe-table.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { mostOf, NEVER, sizesOf, upTo } from '../../pictures/strips/channel-record.ts';
import type { Strip } from '../../pictures/strips/time-strips.ts';
import { tensorLooks } from './tensors.ts';

interface Gains {
  /** [batch, dim, states, time] */
  values: Float32Array;
  step: Uint32Array;
}

const known = new WeakMap<Recording, Gains | null>();

function gainsOf(recording: Recording): Gains | null {
  const before = known.get(recording);
  if (before !== undefined) return before;
  const { batch, dim, dstate, seqlen } = sizesOf(recording);
  const table = probeTable(recording.trace, ['gain', 'n', 'time', 'channel', 'batch']);
  const count = table.rows > 0 ? batch * dim * dstate * seqlen : 0;
  const gains = { values: new Float32Array(count).fill(Number.NaN), step: new Uint32Array(count).fill(NEVER) };
  for (let i = 0; i < table.rows; i++) {
    const [gain, n, time, channel, sequence] = table.values.map((list) => list[i]!) as number[];
    const at = ((sequence! * dim + channel!) * dstate + n!) * seqlen + time!;
    gains.values[at] = gain!;
    gains.step[at] = table.step[i]!;
  }
  const made = count > 0 ? gains : null;
  known.set(recording, made);
  return made;
}

/** No strip where nothing was recorded. */
export function gainStrip(recording: Recording, batch: number, channel: number, tick: number): Strip[] {
  const gains = gainsOf(recording);
  if (!gains) return [];
  const { dim, dstate, seqlen } = sizesOf(recording);
  const from = (batch * dim + channel) * dstate * seqlen;
  const values = gains.values.subarray(from, from + dstate * seqlen);
  const step = gains.step.subarray(from, from + dstate * seqlen);
  const { letter, colour } = tensorLooks.gain!;
  return [
    {
      ...{ id: 'gain', letter, ink: colour, title: '(eˣ − 1) / x', note: 'recorded', rows: dstate },
      ...{ values: upTo(values, step, tick), most: mostOf(values), signed: false },
    },
  ];
}
