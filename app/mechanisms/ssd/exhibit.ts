// The exhibit of state space duality: the state across chunk borders, the decays of one head and what their sums lose, and the story.

import { ssd } from '#gpu/mechanisms/ssd/ssd.ts';
import type { Extents, Where } from '#gpu/trace/held.ts';
import { held } from '#gpu/trace/held.ts';
import { describeExhibit } from '../../exhibit/describe.ts';
import { type Known, tensorKnown } from '../../exhibit/known.ts';
import { outputDifference, runBeside } from '../../exhibit/output-difference.ts';
import { HEAD_PICKS } from '../../exhibit/picked-axes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { unrecordedText } from '../../exhibit/unrecorded.ts';
import { scanTerms } from '../../glossary/terms/scans.ts';
import { source } from '../../pictures/source/source.tsx';
import { strips } from '../../pictures/strips/strips.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { traffic } from '../../pictures/traffic/traffic.ts';
import { mostOf } from '../../words/magnitude.ts';
import { exactText, plural, valueText } from '../../words/quantities.ts';

type Ssd = Record<'seqlen' | 'heads' | 'headDim' | 'dstate' | 'batch' | 'chunk', number> & {
  form: 'minimal' | 'combined';
  decaySum: 'direct' | 'running';
};
const configOf = ({ config }: Recording) => config as Ssd;
const isMinimal = (run: Recording) => configOf(run).form === 'minimal';

/** The quadratic form is a single chunk. */
function chunking(run: Recording): { chunk: number; chunks: number } {
  const { seqlen, chunk } = configOf(run);
  const steps = run.variant === 'quadratic' ? seqlen : Math.min(chunk, seqlen);
  return { chunk: steps, chunks: Math.ceil(seqlen / steps) };
}

function extents(run: Recording) {
  const { batch, heads, seqlen, headDim, dstate } = configOf(run);
  return { batch, head: heads, time: seqlen, channel: headDim, state: dstate, chunk: chunking(run).chunks };
}

/** Elements of a state. */
const elements = { rows: ['channel', 'state'], most: 64 };

export const chunks = strips({
  id: 'chunks',
  title: 'Chunks',
  about:
    'What crosses the borders of the chunks, for one head: first the state (channels × states, a row each) that every chunk ends with when it starts from zero, then the state carried out of it, with the decay of the whole chunk in between. The quadratic form is a single chunk.',
  along: 'chunk',
  per: { axis: 'time', of: (run) => chunking(run).chunk },
  picks: HEAD_PICKS,
  borders: (run) => Array.from({ length: chunking(run).chunks - 1 }, (_, i) => i + 1),
  shared: true,
  strips: [
    { id: 'local', look: 'states', letter: 'S', title: 'chunk alone', ...elements, record: 'local' },
    { id: 'passed', look: 'states', letter: 'R', title: 'carried out', ...elements, record: 'passed' },
  ],
  words({ at, strips: [local, carried], columns }) {
    const missing = [local!, carried!].filter(({ recorded }) => !recorded);
    if (missing.length > 0) return `Head ${at.head! + 1}: ${unrecordedText(missing.map(({ letter }) => letter))}.`;
    const known = carried!.values.filter((value) => !Number.isNaN(value)).length / carried!.rows;
    return `Head ${at.head! + 1}: the state was carried over ${known} of ${plural(columns, 'chunk')}; its largest magnitude is ${Math.max(local!.own, carried!.own).toPrecision(3)}.`;
  },
});

/** The running sum of the log decays inside every chunk. */
const sumsOf = (run: Recording, at: Where, extents: Extents) => held(run.trace, 'cs', extents, at);

const givenDecays = (run: Recording, at: Where, extents: Extents): Known | null =>
  isMinimal(run) ? tensorKnown(run, 'A', extents, at, ['batch', 'time', 'head']) : null;

/** |log decay over the step before t, as the kernel takes it, − the given one|. The first step of a chunk has none before it. */
function lostOf(run: Recording, at: Where, extents: Extents): Known | null {
  if (!isMinimal(run)) return null;
  const given = givenDecays(run, at, extents)!.values;
  const taken = held(run.trace, 'segment', extents, at);
  const sums = sumsOf(run, at, extents);
  const isFirst = (t: number) => t % chunking(run).chunk === 0;
  return {
    values: taken.values.map((value, t) => (isFirst(t) ? 0 : Math.abs(value - given[t]!))),
    step: taken.step.map((step, t) => (isFirst(t) ? sums.step[t]! : step)),
    count: taken.count,
  };
}

export interface DecayError {
  /** Largest magnitude that a running sum reaches. */
  reached: number;
  /** Distance from there to the next f32. */
  spacing: number;
  /** Largest error of the log decay over one step, against the given one; null where none is given (combined form) or recorded. */
  lost: number | null;
}

export function decayErrorOf(run: Recording, head: number, batch = 0): DecayError {
  const at = { batch, head };
  const time = { time: configOf(run).seqlen };
  const reached = mostOf(sumsOf(run, at, time).values);
  const lost = lostOf(run, at, time);
  const spacing = reached > 0 ? 2 ** (Math.floor(Math.log2(reached)) - 23) : 0;
  return { reached, spacing, lost: lost && lost.count !== 0 ? mostOf(lost.values) : null };
}

export const decay = strips({
  id: 'decay',
  title: 'Decay',
  about:
    'Log decays of one head: as given, summed along every chunk as recorded, and how far the decay over one step, as recorded where it is used, is off. Summed step by step it is exact; as a difference of two running sums it loses digits: the larger the sums, the coarser the numbers around them. The mask must come before exp: above the diagonal the same difference is positive, and its exponential overflows.',
  along: 'time',
  picks: HEAD_PICKS,
  borders: (run) => Array.from({ length: chunking(run).chunks - 1 }, (_, i) => (i + 1) * chunking(run).chunk),
  strips: [
    { id: 'A', title: 'log decay', note: 'given', made: givenDecays },
    { id: 'cs', title: 'its sum', record: 'cs' },
    {
      id: 'lost',
      title: 'step error',
      signed: false,
      small: true,
      made: lostOf,
      note: (run) => (configOf(run).decaySum === 'direct' ? 'of direct sums' : 'of differences'),
    },
  ],
  words({ at }, { run }) {
    const { reached, spacing, lost } = decayErrorOf(run, at.head!, at.batch);
    const error = lost === 0 ? 'exact' : `off by up to ${valueText(lost ?? 0)}`;
    const off = lost === null ? '' : `; the decay over one step is ${error}`;
    return `Head ${at.head! + 1}: the running sum reaches −${exactText(Math.round(reached))}, where neighbouring numbers lie ${valueText(spacing)} apart${off}.`;
  },
});

/** Neighbouring running sums further apart than this are worth a word: parity allows an error of 2e-5. */
const COARSE = 1e-5;

/** What long chunks cost, or what sums of their own save; null where running sums stay small. */
function decayStory(run: Recording, others: readonly Recording[]): string | null {
  const { reached, spacing, lost } = decayErrorOf(run, 0);
  if (spacing < COARSE) return null;
  const { chunk } = chunking(run);
  const { heads, decaySum } = configOf(run);
  const sums = `Inside a chunk of ${exactText(chunk)} steps the running log decay${heads > 1 ? ' of head 1' : ''} reaches −${exactText(Math.round(reached))}, where neighbouring numbers lie ${valueText(spacing)} apart`;
  if (decaySum === 'direct') {
    const exact = lost === 0 ? ': over one step it is exact' : '';
    return `${sums}. No decay here is a difference of such sums, each was summed from step to step${exact}.`;
  }
  const off = lost === null ? '' : `: a decay over one step, taken as a difference, is off by up to ${valueText(lost)}`;
  return `${sums}${off}${fromShorter(run, others, chunk)}. Summing every decay directly mends it; shorter chunks help.`;
}

/** How far the outputs are from those of shorter chunks, where such a run stands beside. */
function fromShorter(run: Recording, others: readonly Recording[], chunk: number): string {
  const other = runBeside(run, others);
  if (!other || chunking(other).chunk >= chunk) return '';
  const { most } = outputDifference(run, other, isMinimal(run) ? 'Y' : 'out');
  return `, and outputs by up to ${valueText(most)} from those of chunks of ${exactText(chunking(other).chunk)}`;
}

export const ssdExhibit = describeExhibit({
  mechanism: ssd,
  terms: [scanTerms],
  reads: { file: { seeded: ['task'] } },
  views: [
    chunks,
    decay,
    traffic({
      about:
        'The quadratic form compares every token with every earlier one; chunks compare only within themselves and carry a state.',
    }),
    timeline(),
    source(),
  ],
  tensors: {
    X: { letter: 'X', tone: 'signal', pattern: 'solid' },
    x: { letter: 'x', tone: 'signal', pattern: 'solid' },
    A: { letter: 'a', tone: 'statistic', pattern: 'solid' },
    dt: { letter: 'Δ', tone: 'statistic', pattern: 'hatch' },
    delta: { letter: 'Δ', tone: 'statistic', pattern: 'hatch' },
    cs: { letter: 'Σa', tone: 'statistic', pattern: 'cross' },
    log_decay: { letter: 'a', tone: 'statistic', pattern: 'dots' },
    lost: { letter: 'ε', tone: 'fixed', pattern: 'cross', title: 'what a decay over one step loses' },
    B: { letter: 'B', tone: 'key', pattern: 'hatch' },
    C: { letter: 'C', tone: 'content', pattern: 'dots' },
    z: { letter: 'z', tone: 'weight', pattern: 'dots' },
    states: { letter: 'S', tone: 'inner', pattern: 'cross' },
    initial_states: { letter: 'h', tone: 'inner', pattern: 'dots' },
    final_state: { letter: 'h', tone: 'inner', pattern: 'solid' },
    weights: { letter: 'A', tone: 'fixed', pattern: 'solid' },
    Y: { letter: 'Y', tone: 'output', pattern: 'solid' },
    out: { letter: 'Y', tone: 'output', pattern: 'solid' },
    scores: { letter: 'P', tone: 'weight', pattern: 'cross', title: 'decayed scores of one tile' },
  },
  welcome: async () => ({
    caption:
      'A long sequence is cut into chunks that run at the same time. What crosses their borders is a state: first what a chunk makes alone, then what it hands on to the next.',
    offers: [{ label: 'As one chunk, without borders', variant: 'quadratic' }],
  }),
  extents,
  variants: { chunked: 'chunked', quadratic: 'quadratic' },
  controls: {
    seqlen: { label: 'Time steps' },
    heads: { label: 'Heads' },
    headDim: { label: 'Channels per head', constants: ['P'] },
    dstate: { label: 'States per channel', constants: ['N'] },
    batch: { label: 'Sequences' },
    chunk: { label: 'Time steps per chunk', variants: ['chunked'] },
    decaySum: {
      label: 'Decays as differences of sums',
      ticked: 'running',
      term: 'cancellation',
      constants: ['DIFFERENCES'],
    },
    task: { label: 'Resets every 8 steps', ticked: 'resets' },
  },
  purpose: (run) => `Over ${plural(configOf(run).seqlen, 'token')} and ${plural(configOf(run).heads, 'head')}`,
  finding(run, others) {
    const other = others.find(({ variant }) => variant !== run.variant);
    const beside = other
      ? `; as ${other.variant === 'quadratic' ? 'one masked attention' : 'chunks'} it compares ${exactText(other.trace.events.pair ?? 0)}`
      : '';
    return `It compared ${exactText(run.trace.events.pair ?? 0)} pairs of tokens inside ${plural(chunking(run).chunks, 'chunk')}${beside}.`;
  },
  ownStory: decayStory,
});
