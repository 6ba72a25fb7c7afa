// (recording, tick) → what every token writes and what it makes the state forget: Δ as recorded, Ā from it, B and C as given.

import { rowsOf, tablesWith } from '#gpu/trace/record-rows.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { channelRecord, mostOf, sizesOf, upTo } from '../../pictures/strips/channel-record.ts';
import { pickedChannel, timeReached } from '../../pictures/strips/picked-channel.ts';
import type { Strip, TimeStripsScene } from '../../pictures/strips/time-strips.ts';
import { bordersOf } from './state-scene.ts';
import { streamOf } from './stream.ts';
import { tensorLooks } from './tensors.ts';

export function tokenScene(recording: Recording, tick: number, selection: Place | null): TimeStripsScene {
  const { batch, channel, time } = pickedChannel(recording, selection, tick);
  const { dim, dstate, seqlen } = sizesOf(recording);
  const record = channelRecord(recording, batch, channel);
  const rates = recording.inputs.A!.data.subarray(channel * dstate, (channel + 1) * dstate);
  const kept = new Float32Array(dstate * seqlen);
  for (let n = 0; n < dstate; n++) {
    for (let t = 0; t < seqlen; t++) kept[n * seqlen + t] = Math.exp(record.delta[t]! * rates[n]!);
  }
  const keptStep = Uint32Array.from({ length: dstate * seqlen }, (_, i) => record.deltaStep[i % seqlen]!);
  const signal = Float32Array.from(
    recording.inputs.u!.data.subarray((batch * dim + channel) * seqlen, (batch * dim + channel + 1) * seqlen),
  );
  const strip = (
    id: string,
    title: string,
    note: string,
    values: Float32Array,
    signed: boolean,
    rows: number,
  ): Strip => ({
    ...{ id, title, note, values, signed, rows, most: mostOf(values) },
    ...{ letter: tensorLooks[id]!.letter, ink: tensorLooks[id]!.colour },
  });
  const delta = { ...strip('delta', 'step Δ', 'recorded', record.delta, false, 1) };
  return {
    columns: seqlen,
    strips: [
      strip('u', 'signal', 'given', signal, true, 1),
      { ...delta, values: upTo(record.delta, record.deltaStep, tick) },
      {
        ...strip('a_bar', 'kept, Ā', 'exp(ΔA)', kept, false, dstate),
        values: upTo(kept, keptStep, tick),
        most: 1,
      },
      strip('B', 'written, B', mapNote(recording), mapOf(recording, 'B', batch, channel), true, dstate),
      strip('C', 'read, C', mapNote(recording), mapOf(recording, 'C', batch, channel), true, dstate),
    ],
    current: timeReached(recording, batch, channel, tick),
    selected: time === null ? null : { strip: 1, row: 0, column: time },
    borders: bordersOf(recording),
    stream: streamOf(recording, tick, batch),
  };
}

const mapNote = ({ config }: Recording) => (config.mode === 's4' ? 'recorded mean' : 'given');

/** B or C of a channel as the scan saw it, [dstate, seqlen]. In S4 mode these are the means that the kernel recorded. */
function mapOf(recording: Recording, name: 'B' | 'C', batch: number, channel: number): Float32Array {
  const { dim, dstate, seqlen } = sizesOf(recording);
  const { groups, mode } = recording.config as { groups: number; mode: string };
  const { shape, data } = recording.inputs[name]!;
  const constant = shape.length === 2;
  const plane = shape.length === 4 ? batch * groups + Math.floor((channel * groups) / dim) : batch;
  const row = (n: number) => (constant ? channel * dstate + n : plane * dstate + n);
  const means = mode === 's4' ? heldMeans(recording, name === 'B' ? 1 : 2) : null;
  return Float32Array.from({ length: dstate * seqlen }, (_, i) => {
    const [n, t] = [Math.floor(i / seqlen), i % seqlen];
    if (means) return means.get(row(n)) ?? Number.NaN;
    return constant ? data[row(n)]! : data[row(n) * seqlen + t]!;
  });
}

/** Row → mean, as recorded by the dispatch that held it (0: delta, 1: B, 2: C). */
function heldMeans({ trace }: Recording, dispatch: number): Map<number, number> {
  const { count, step, columns } = rowsOf(tablesWith(trace, ['mean', 'row']), ['mean', 'row']);
  const means = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    if (trace.steps[step[i]!]!.dispatch === dispatch) means.set(columns[1]![i]!, columns[0]![i]!);
  }
  return means;
}
