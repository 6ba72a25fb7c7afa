// The exhibit of the Mamba block: one channel of its scan over time, what its kernels move, what it keeps, and how well it remembers.

import { mambaBlock } from '#gpu/mechanisms/mamba-block/mamba-block.ts';
import { describeExhibit } from '../../exhibit/describe.ts';
import { CHANNEL_PICKS } from '../../exhibit/picked-axes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { startedLast } from '../../exhibit/started-last.ts';
import { unrecordedText } from '../../exhibit/unrecorded.ts';
import { scanTerms } from '../../glossary/terms/scans.ts';
import { source } from '../../pictures/source/source.tsx';
import { reachedText, strips } from '../../pictures/strips/strips.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { traffic } from '../../pictures/traffic/traffic.ts';
import { growth } from '../../studies/growth-view.tsx';
import { bytesText, percentText, plural } from '../../words/quantities.ts';
import { MAPS_SAID, MODES_SAID } from '../../words/scan-options.ts';
import { accuracy } from './accuracy.ts';
import { answersOf, streamOf } from './stream.ts';

type Block = Record<'batch' | 'seqlen' | 'dim' | 'dstate' | 'width' | 'outDim', number> & { mode: 's6' | 's4' };
const settingsOf = ({ config }: Recording) => config as Block;

function extents(run: Recording) {
  const { batch, dim, dstate, seqlen, outDim } = settingsOf(run);
  return { batch, channel: dim, state: dstate, time: seqlen, output: outDim };
}

const current = ['h', 'step'];
const written = { axes: ['batch', 'time', 'output'], inStream: { from: -30, to: 30 } };

export const state = strips({
  id: 'state',
  title: 'State',
  about:
    'One channel inside the block: its states h over time and its step size Δ, as the scan had them in its registers; below, the outputs of the whole block, a row per channel, once the last kernel has written them.',
  along: 'time',
  picks: CHANNEL_PICKS,
  follow: (run, tick) => startedLast(run, current, ['batch', 'channel'], tick),
  current,
  stream: streamOf,
  strips: [
    { id: 'h', look: 'ssm_state', title: 'states', rows: ['state'], inStream: { from: -10, to: 10 }, record: 'h' },
    { id: 'step', look: 'delta', title: 'step', signed: false, inStream: { from: 0, to: 10 }, record: 'step' },
    { id: 'out', title: 'block output', ...written, rows: ['output'], tensor: 'out' },
  ],
  words(scene) {
    const [h] = scene.strips;
    const largest = h!.recorded ? `largest state of the run ${h!.own.toPrecision(3)}` : unrecordedText([h!.letter]);
    return `Channel ${scene.at.channel}: ${reachedText(scene, current)}; ${largest}.`;
  },
});

/** What it answered, where the input asks; else what it keeps to go on token by token. */
function finding(run: Recording): string {
  const { mode, batch, dim, dstate, width } = settingsOf(run);
  const answers = answersOf(run);
  if (answers) {
    const right = answers.filter(({ expected, answered }) => expected === answered).length;
    const why = mode === 's4' ? ', with the same Δ, B and C for every token' : '';
    return `Asked what followed the marker, it was right for ${right} of ${plural(answers.length, 'stream')} (${percentText(right, answers.length)})${why}.`;
  }
  if (mode === 's4') return 'With Δ, B and C at their means over the whole text it cannot go on token by token.';
  const bytes = 4 * batch * dim * (dstate + width - 1);
  return `To go on token by token it keeps ${bytesText(bytes)}, however long the text.`;
}

export const mambaBlockExhibit = describeExhibit({
  terms: [scanTerms],
  mechanism: mambaBlock,
  views: [
    state,
    traffic({ about: 'All kernels of the block are in it.' }),
    growth({
      // Both caches together look like the larger one.
      look: { ink: '--tone-inner', pattern: 'cross' },
      about:
        'What is kept to go on by one token, and what making that token reads, after 4 to 4,096 tokens. The block keeps the states of its scan and the last inputs of its filter: the same bytes after any text. Attention keeps K and V of every token. Each point is a Session opened on this device: the bytes of its buffers, and one decode step recorded in it.',
      remark:
        'The block’s step reads its weights too; attention here begins at q, k and v, without the maps that make them.',
    }),
    accuracy,
    timeline(),
    source(),
  ],
  tensors: {
    hidden_states: { letter: 'x', tone: 'signal', pattern: 'dots' },
    xz: { letter: 'xz', tone: 'signal', pattern: 'solid' },
    xc: { letter: 'u', tone: 'signal', pattern: 'hatch' },
    x_dbl: { letter: 'BC', tone: 'key', pattern: 'hatch', title: 'dt, B and C of every token' },
    delta: { letter: 'Δ', tone: 'statistic', pattern: 'hatch', title: 'step size' },
    y: { letter: 'y', tone: 'output', pattern: 'hatch', title: 'output of the scan' },
    out: { letter: 'O', tone: 'output', pattern: 'solid', title: 'output of the block' },
    weights: { letter: 'A', tone: 'fixed', pattern: 'solid' },
    conv_state: { letter: 'c', tone: 'inner', pattern: 'dots', title: 'cache: last inputs of the filter' },
    ssm_state: { letter: 'h', tone: 'inner', pattern: 'cross', title: 'cache: state of the scan' },
    b_tile: { letter: 'B', tone: 'key', pattern: 'hatch', title: 'B of the staged steps' },
    c_tile: { letter: 'C', tone: 'content', pattern: 'dots', title: 'C of the staged steps' },
    tile: { letter: 'W', tone: 'fixed', pattern: 'hatch', title: 'staged rows of a weight matrix' },
  },
  otherTensors: { look: { letter: 'W' } },
  variants: { fused: 'block' },
  controls: {
    seqlen: { label: 'Time steps', most: 512 },
    dim: { label: 'Channels' },
    dstate: { label: 'States per channel', constants: ['N'] },
    deltaRank: { label: 'Rank of Δ' },
    width: { label: 'Filter taps' },
    outDim: { label: 'Output channels' },
    batch: { label: 'Sequences', most: 16 },
    mode: { label: 'Δ, B, C', term: 'selection', said: MODES_SAID, constants: ['B_PER_CHANNEL', 'C_PER_CHANNEL'] },
    discretization: { label: 'Input map B̄', term: 'zero-order-hold', said: MAPS_SAID, constants: ['ZOH'] },
  },
  welcome: async () => ({
    caption:
      'A Mamba block keeps what it has read in a state that does not grow. Each row is one tensor on its way through the block, each column one token.',
    offers: [{ label: 'Memory against length, beside attention', view: 'growth' }],
  }),
  extents,
  reads: {
    file: { seeded: ['task'] },
    sentence: {
      by: 'mechanism',
      hint: 'The words are a stream. Its last word asks: what followed it before? “red fox, red hen, red” is answered with hen. Where the last word is new, an earlier one is added at the end.',
    },
  },
  purpose(run) {
    const { seqlen, dim } = settingsOf(run);
    return `To mix ${plural(seqlen, 'token')} over ${plural(dim, 'channel')} with ${plural(run.trace.dispatches.length, 'kernel')},`;
  },
  finding,
});
