// (recording, tick) → one channel of the block over time: its states and its Δ as recorded, and the block's first outputs.

import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { channelRecord, mostOf, upTo } from '../../pictures/strips/channel-record.ts';
import { pickedChannel, timeReached } from '../../pictures/strips/picked-channel.ts';
import type { TimeStripsScene } from '../../pictures/strips/time-strips.ts';
import { streamOf } from './stream.ts';
import { tensorLooks } from './tensors.ts';

export function blockScene(recording: Recording, tick: number, selection: Place | null): TimeStripsScene {
  const { batch, channel, time } = pickedChannel(recording, selection, tick);
  const record = channelRecord(recording, batch, channel);
  const { seqlen, outDim } = recording.config as { seqlen: number; outDim: number };
  const out = Float32Array.from({ length: outDim * seqlen }, (_, i) => {
    const [o, t] = [Math.floor(i / seqlen), i % seqlen];
    return recording.outputs.out!.data[(batch * seqlen + t) * outDim + o]!;
  });
  // The last kernel writes the outputs: they are there once the run is over.
  const finished = new Uint32Array(out.length).fill(recording.trace.steps.length - 1);
  const [states, delta, output] = [tensorLooks.ssm_state!, tensorLooks.delta!, tensorLooks.out!];
  return {
    columns: seqlen,
    strips: [
      {
        ...{ id: 'h', letter: states.letter, ink: states.colour, title: 'states', note: 'recorded' },
        ...{ rows: record.states, values: upTo(record.h, record.step, tick), most: mostOf(record.h), signed: true },
      },
      {
        ...{ id: 'delta', letter: delta.letter, ink: delta.colour, title: 'step', note: 'recorded', rows: 1 },
        ...{ values: upTo(record.delta, record.deltaStep, tick), most: mostOf(record.delta), signed: false },
      },
      {
        ...{ id: 'out', letter: output.letter, ink: output.colour, title: 'block output', note: 'read back' },
        ...{ rows: outDim, values: upTo(out, finished, tick), most: mostOf(out), signed: true },
      },
    ],
    current: timeReached(recording, batch, channel, tick),
    selected: time === null ? null : { strip: 0, row: 0, column: time },
    borders: [],
    stream: streamOf(recording, tick, batch),
  };
}
