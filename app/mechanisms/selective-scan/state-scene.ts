// (recording, tick) → the state of one channel over time, as recorded.

import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type ChannelRecord, channelRecord, mostOf, upTo } from '../../pictures/strips/channel-record.ts';
import { pickedChannel, timeReached } from '../../pictures/strips/picked-channel.ts';
import type { Strip, TimeStripsScene } from '../../pictures/strips/time-strips.ts';
import { plural } from '../../words/quantities.ts';
import { gainStrip } from './gain-strip.ts';
import { gateOf } from './gate.ts';
import { streamOf } from './stream.ts';
import { tensorLooks } from './tensors.ts';

/** Columns before which a chunk (of the chunked scan) or a tile (of a parallel scan) begins. */
export function bordersOf({ variant, config }: Recording): number[] {
  const length = Number(config.seqlen);
  const every =
    variant === 'chunked' ? Number(config.chunk) : /hillis|blelloch/.test(variant) ? Number(config.scan) : length;
  return Array.from({ length: Math.max(Math.ceil(length / every) - 1, 0) }, (_, i) => (i + 1) * every);
}

export function stateScene(recording: Recording, tick: number, selection: Place | null): TimeStripsScene {
  const { batch, channel, time } = pickedChannel(recording, selection, tick);
  const record = channelRecord(recording, batch, channel);
  const { letter, colour } = tensorLooks.states!;
  const output = outputStrip(recording, record, batch, channel, tick);
  return {
    columns: record.length,
    strips: [
      {
        ...{ id: 'h', letter, ink: colour, title: plural(record.states, 'state'), note: 'recorded' },
        ...{ rows: record.states, values: upTo(record.h, record.step, tick), most: mostOf(record.h), signed: true },
      },
      ...productStrip(record, tick),
      ...gainStrip(recording, batch, channel, tick),
      {
        ...{ id: 'delta', letter: 'Δ', ink: tensorLooks.delta!.colour, title: 'step', note: 'recorded', rows: 1 },
        ...{ values: upTo(record.delta, record.deltaStep, tick), most: mostOf(record.delta), signed: false },
      },
      output,
      ...gateStrip(recording, output, batch, channel),
    ],
    current: timeReached(recording, batch, channel, tick),
    selected: time === null ? null : { strip: 0, row: 0, column: time },
    borders: bordersOf(recording),
    stream: streamOf(recording, tick, batch),
  };
}

/** How small the running product is, where the kernel keeps one: 0 for 1, 38 for 1e-38; crossed out once it is 0. */
function productStrip({ product, step, states }: ChannelRecord, tick: number): Strip[] {
  if (product.every(Number.isNaN)) return [];
  const decades = product.map((value) => -Math.log10(value));
  const { letter, colour } = tensorLooks.product!;
  return [
    {
      ...{ id: 'product', letter, ink: colour, title: '−log₁₀ P', note: 'of recorded P', rows: states },
      ...{ values: upTo(decades, step, tick), most: mostOf(decades), signed: false, crossed: 'P is 0' },
    },
  ];
}

/** Under the output, what theorem 1 says it is, in the same colours. */
function gateStrip(recording: Recording, output: Strip, batch: number, channel: number): Strip[] {
  const gated = gateOf(recording);
  if (!gated) return [];
  const { dim, seqlen } = recording.config as { dim: number; seqlen: number };
  const from = (batch * dim + channel) * seqlen;
  const values = Float32Array.from(gated.subarray(from, from + seqlen));
  const { letter, colour } = tensorLooks.gate!;
  return [{ ...output, id: 'gate', letter, ink: colour, title: 'gated mean', note: 'closed form', values }];
}

/** The channel's output; a value counts as there once the channel's state of that time step is. */
function outputStrip(recording: Recording, record: ChannelRecord, batch: number, channel: number, tick: number) {
  const { length, states, step, deltaStep } = record;
  const dim = Number(recording.config.dim);
  const from = (batch * dim + channel) * length;
  const whole = Float32Array.from(recording.outputs.out!.data.subarray(from, from + length));
  const finished = Uint32Array.from({ length }, (_, t) => {
    let last = deltaStep[t]!;
    for (let n = 0; n < states; n++)
      if (step[n * length + t]! !== 0xffffffff) last = Math.max(last, step[n * length + t]!);
    return last;
  });
  const { letter, colour } = tensorLooks.out!;
  return {
    ...{ id: 'out', letter, ink: colour, title: 'output', note: 'read back', rows: 1 },
    ...{ values: upTo(whole, finished, tick), most: mostOf(whole), signed: true },
  };
}
