// The story line: what the block moved, what it keeps for decoding, and what it answered. Recorded numbers only.

import { hbmBytes } from '../../exhibit/moved-bytes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { onChip } from '../../words/numbers.ts';
import { bytesText, plural } from '../../words/quantities.ts';
import { answersOf } from './stream.ts';

function answerText(recording: Recording): string | null {
  const { config } = recording;
  const answers = answersOf(recording);
  if (!answers) return null;
  const right = answers.filter(({ expected, answered }) => expected === answered).length;
  const share = ((100 * right) / Math.max(answers.length, 1)).toFixed(1);
  const why = config.mode === 's4' ? ', with the same Δ, B and C for every token' : '';
  return ` Asked what followed the marker, it was right for ${right} of ${plural(answers.length, 'stream')} (${share} %)${why}.`;
}

function cacheText({ config }: Recording): string {
  if (config.mode === 's4')
    return ' With Δ, B and C at their means over the whole text it cannot go on token by token.';
  const { batch, dim, dstate, width } = config as Record<'batch' | 'dim' | 'dstate' | 'width', number>;
  const bytes = 4 * batch * dim * (dstate + width - 1);
  return ` To go on token by token it keeps ${bytesText(bytes)}, however long the text.`;
}

/** At most two sentences. */
export function blockStory(recording: Recording): string {
  const { trace, config, edited } = recording;
  const block = edited.length > 0 ? 'this edited block' : 'this block';
  const kernels = plural(trace.dispatches.length, 'kernel');
  const moved = `To mix ${plural(Number(config.seqlen), 'token')} over ${plural(Number(config.dim), 'channel')}, ${block} ran ${kernels} and moved ${bytesText(hbmBytes(recording))} between HBM and ${onChip(trace)}.`;
  if (!trace.matchesPlain) return `${moved} The recorded run’s output differs from the plain run’s.`;
  return moved + (answerText(recording) ?? cacheText(recording));
}
