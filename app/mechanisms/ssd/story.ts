// The story line: what the run moved and how many pairs of tokens it compared, or which digits its long chunks lost. Recorded
// numbers only.

import { outputDifference, runBeside } from '../../exhibit/output-difference.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { hbmBytes } from '../../pictures/traffic/traffic-scene.ts';
import { onChip } from '../../words/numbers.ts';
import { bytesText, exactText, plural, valueText } from '../../words/quantities.ts';
import { decayFacts } from './decay-scene.ts';
import { chunksOf } from './scene.ts';

/** Neighbouring running sums further apart than this are worth a word: parity allows an error of 2e-5. */
const COARSE = 1e-5;

/** What long chunks cost, or what sums of their own save; null where running sums stay small. At most two sentences. */
function decayStory(recording: Recording, others: readonly Recording[]): string | null {
  const { reached, spacing, lost } = decayFacts(recording, 0);
  if (spacing < COARSE) return null;
  const { chunk } = chunksOf(recording);
  const sums = `Inside a chunk of ${exactText(chunk)} steps the running log decay${Number(recording.config.heads) > 1 ? ' of head 0' : ''} reaches −${exactText(Math.round(reached))}, where neighbouring numbers lie ${valueText(spacing)} apart`;
  if (recording.config.decaySum === 'direct') {
    const exact = lost === 0 ? ': over one step it is exact' : '';
    return `${sums}. No decay here is a difference of such sums, each was summed from step to step${exact}.`;
  }
  const off = lost === null ? '' : `: a decay over one step, taken as a difference, is off by up to ${valueText(lost)}`;
  return `${sums}${off}${fromShorter(recording, others, chunk)}. Summing every decay directly mends it; shorter chunks help.`;
}

/** How far the outputs are from those of shorter chunks, where such a run stands beside. */
function fromShorter(recording: Recording, others: readonly Recording[], chunk: number): string {
  const other = runBeside(recording, others);
  if (!other || chunksOf(other).chunk >= chunk) return '';
  const { most } = outputDifference(recording, other, recording.config.form === 'minimal' ? 'Y' : 'out');
  return `, and outputs by up to ${valueText(most)} from those of chunks of ${exactText(chunksOf(other).chunk)}`;
}

/** At most two sentences. */
export function ssdStory(recording: Recording, others: readonly Recording[]): string {
  const { trace, config, variant, edited } = recording;
  const lossy = edited.length === 0 && trace.matchesPlain ? decayStory(recording, others) : null;
  if (lossy) return lossy;
  const run = edited.length > 0 ? 'this edited run' : 'this run';
  const { chunks } = chunksOf(recording);
  const other = others.find((each) => each.variant !== variant);
  const beside = other
    ? `; as ${other.variant === 'quadratic' ? 'one masked attention' : 'chunks'} it compares ${exactText(other.trace.events.pair ?? 0)}`
    : '';
  const moved = `Over ${plural(Number(config.seqlen), 'token')} and ${plural(Number(config.heads), 'head')} ${run} moved ${bytesText(hbmBytes(recording))} between HBM and ${onChip(trace)}.`;
  if (!trace.matchesPlain) return `${moved} The recorded run’s output differs from the plain run’s.`;
  return `${moved} It compared ${exactText(trace.events.pair ?? 0)} pairs of tokens inside ${plural(chunks, 'chunk')}${beside}.`;
}
