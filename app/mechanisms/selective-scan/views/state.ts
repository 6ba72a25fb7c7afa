// The state of one channel over time, with what made it and what came of it.

import { type Extents, held, NEVER, type Where } from '#gpu/trace/held.ts';
import { crossedOut, type Known, tensorKnown } from '../../../exhibit/known.ts';
import { CHANNEL_PICKS } from '../../../exhibit/picked-axes.ts';
import type { Recording } from '../../../exhibit/recording.ts';
import { unrecordedText } from '../../../exhibit/unrecorded.ts';
import { reachedText, strips } from '../../../pictures/strips/strips.ts';
import { exactText, plural } from '../../../words/quantities.ts';
import { gateOf } from '../gate.ts';
import { axesOf, bordersOf, CURRENT, followedChannel, settingsOf } from '../scan-run.ts';
import { streamOf } from '../stream.ts';

/** How small the running product is, where the kernel keeps one: 0 for 1, 38 for 1e-38; crossed out once it is 0. */
function decadesOf(run: Recording, at: Where, extents: Extents): Known | null {
  const { values, step, count } = held(run.trace, 'product', extents, at);
  return count === 0 ? null : { values: values.map((value) => -Math.log10(value)), step };
}

/** The channel's output; a value counts as there once what was recorded of that time step is, and at the end where nothing was. */
function outputOf(run: Recording, at: Where, extents: Extents): Known {
  const states = settingsOf(run).dstate;
  const length = extents.time!;
  const h = held(run.trace, 'h', { state: states, ...extents }, at);
  const delta = held(run.trace, 'step', extents, at);
  const out = tensorKnown(run, 'out', extents, at, axesOf(run, 'out'))!;
  const step = out.step!.map((end, t) => {
    const own = Array.from({ length: states }, (_, n) => h.step[n * length + t]!);
    const recorded = [delta.step[t]!, ...own].filter((each) => each !== NEVER);
    return recorded.length > 0 ? Math.max(...recorded) : end;
  });
  return { values: out.values, step };
}

/** What theorem 1 says the output is. */
function gateKnown(run: Recording, { batch, channel }: Where): Known | null {
  const gated = gateOf(run);
  const { dim, seqlen } = settingsOf(run);
  const from = (batch! * dim + channel!) * seqlen;
  return gated && { values: Float32Array.from(gated.subarray(from, from + seqlen), crossedOut) };
}

const rows = ['state'];
const kept = { rows, inStream: { from: -2, to: 2 } };

export const state = strips({
  id: 'state',
  title: 'State',
  about:
    'One channel: its states h (a row each) over time, as the kernel had them in its registers when a time step was done; below, its step size Δ and its output. Blue is negative, orange positive, hatched is what has not happened yet, crossed out is NaN or ∞. A trap that divides by the running product P of all Ā shows how small P has become, one in the hold its factor φ = (eˣ − 1) / x; theorem 1’s gated mean stands under the output it should be.',
  along: 'time',
  picks: CHANNEL_PICKS,
  follow: followedChannel,
  current: CURRENT,
  borders: bordersOf,
  stream: streamOf,
  strips: [
    { id: 'h', look: 'states', title: (run) => plural(settingsOf(run).dstate, 'state'), ...kept, record: 'h' },
    {
      id: 'product',
      title: '−log₁₀ P',
      note: 'of recorded P',
      rows,
      signed: false,
      crossed: 'P is 0',
      made: decadesOf,
    },
    { id: 'gain', title: '(eˣ − 1) / x', rows, signed: false, optional: true, record: 'gain' },
    { id: 'step', look: 'delta', title: 'step', signed: false, inStream: { from: 0, to: 1 }, record: 'step' },
    { id: 'out', title: 'output', note: 'read back', inStream: { from: -1, to: 1 }, made: outputOf },
    { id: 'gate', title: 'gated mean', note: 'closed form', scaleOf: 'out', made: gateKnown },
  ],
  words(scene, { run }) {
    const [h] = scene.strips;
    const start = `Channel ${scene.at.channel}: ${reachedText(scene, CURRENT)}`;
    if (!h!.recorded && run.kernels.some(({ file }) => file === 'sequential-x4.wgsl'))
      return `${start}. This variant keeps states of four channels in matrices, which are not recorded.`;
    if (!h!.recorded) return `${start}; ${unrecordedText([h!.letter])}.`;
    const lost = h!.values.filter((value) => value === Number.POSITIVE_INFINITY).length;
    const none = lost > 0 ? `; ${exactText(lost)} values so far are no numbers` : '';
    return `${start}; largest state of the run ${h!.own.toPrecision(3)}${none}.`;
  },
});
