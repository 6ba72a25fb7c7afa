// What every token writes and what it makes the state forget: Δ as recorded, Ā from it, B and C as given.

import { type Extents, held, NEVER, type Where } from '#gpu/trace/held.ts';
import { type Known, tensorKnown } from '../../../exhibit/known.ts';
import { CHANNEL_PICKS } from '../../../exhibit/picked-axes.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { reachedText, strips } from '../../../pictures/strips/strips.ts';
import { valueText } from '../../../words/quantities.ts';
import { axesOf, bordersOf, CURRENT, followedChannel, settingsOf } from '../scan-run.ts';
import { streamOf } from '../stream.ts';

/** Ā = exp(ΔA) of every state, from the recorded Δ. */
function keptOf(run: Recording, at: Where, { state, time }: Extents): Known {
  const delta = held(run.trace, 'step', { time: time! }, at);
  const rates = run.inputs.A!.data.subarray(at.channel! * state!, (at.channel! + 1) * state!);
  const length = state! * time!;
  return {
    values: Float32Array.from({ length }, (_, i) => Math.exp(delta.values[i % time!]! * rates[Math.floor(i / time!)]!)),
    step: Uint32Array.from({ length }, (_, i) => delta.step[i % time!]!),
    count: delta.count,
  };
}

/** B or C of a channel as the scan saw it; a channel reads its group's. In S4 mode these are the means that the kernel recorded. */
const mapOf = (name: 'B' | 'C') => (run: Recording, at: Where, extents: Extents) => {
  const { mode, groups, dim, dstate } = settingsOf(run);
  const group = Math.floor((at.channel! * groups) / dim);
  if (mode !== 's4') return tensorKnown(run, name, extents, { ...at, group }, axesOf(run, name));
  const isConstant = run.inputs[name]!.shape.length === 2;
  const plane = isConstant
    ? at.channel!
    : run.inputs[name]!.shape.length === 4
      ? at.batch! * groups + group
      : at.batch!;
  const means = heldMeans(run, name);
  const of = (i: number) => means.get(plane * dstate + Math.floor(i / extents.time!));
  const length = dstate * extents.time!;
  return {
    values: Float32Array.from({ length }, (_, i) => of(i)?.mean ?? Number.NaN),
    step: Uint32Array.from({ length }, (_, i) => of(i)?.step ?? NEVER),
    count: means.size,
  };
};

/** Row → mean, with the step that recorded it: by the dispatch that reads where the tensor lies. */
function heldMeans({ plan, trace }: Recording, name: 'B' | 'C'): Map<number, { mean: number; step: number }> {
  const { within } = plan.buffers.find((buffer) => buffer.name === name)!;
  // The plan has no parts: its passes are the dispatches, one for one.
  const dispatch = plan.passes.findIndex(
    ({ kernel, bindings, params }) =>
      kernel === 'hold-mean.wgsl' && bindings.x === within?.buffer && params.at === within?.at,
  );
  const means = new Map<number, { mean: number; step: number }>();
  for (const { values, at, step, columns } of trace.records ?? []) {
    const [mean, row] = [columns[values.indexOf('mean')], columns[values.length + at.indexOf('row')]];
    if (!mean || !row) continue;
    step.forEach((each, i) => {
      if (trace.steps[each]?.dispatch === dispatch) means.set(row[i]!, { mean: mean[i]!, step: each });
    });
  }
  return means;
}

const rows = ['state'];
const mapNote = (run: Recording) => (settingsOf(run).mode === 's4' ? 'recorded mean' : 'given');

export const tokens = strips({
  id: 'tokens',
  title: 'Tokens',
  about:
    'What every token does to one channel. Δ, as recorded, opens the state or keeps it shut: Ā = exp(ΔA) says how much of each state is kept (1: all, 0: forgotten), B what is written, C what is read. In S4 mode Δ, B and C are the same for every token.',
  along: 'time',
  picks: CHANNEL_PICKS,
  follow: followedChannel,
  current: CURRENT,
  borders: bordersOf,
  stream: streamOf,
  strips: [
    { id: 'u', title: 'signal', tensor: 'u', axes: ['batch', 'channel', 'time'] },
    { id: 'step', look: 'delta', title: 'step Δ', signed: false, inStream: { from: 0, to: 1 }, record: 'step' },
    { id: 'a_bar', title: 'kept, Ā', note: 'exp(ΔA)', rows, scale: { from: 0, to: 1 }, made: keptOf },
    { id: 'B', title: 'written, B', note: mapNote, rows, made: mapOf('B') },
    { id: 'C', title: 'read, C', note: mapNote, rows, made: mapOf('C') },
  ],
  words(scene) {
    const seen = scene.strips[1]!.values.filter((value) => !Number.isNaN(value));
    const [least, most] = [Math.min(...seen), Math.max(...seen)].map(valueText);
    const reached = `Channel ${scene.at.channel}: ${reachedText(scene, CURRENT)}.`;
    if (seen.length === 0) return reached;
    return least === most
      ? `${reached} Δ is ${least} at every step so far.`
      : `${reached} Δ lies between ${least} and ${most} so far.`;
  },
});
