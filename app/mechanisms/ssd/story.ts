// The story line: what the run moved and how many pairs of tokens it compared. Recorded numbers only.

import { bytesText, exactText, plural } from '../../marks/quantities.ts';
import { hbmBytes } from '../../marks/traffic-scene.ts';
import type { Recording } from '../view.ts';
import { chunksOf } from './scene.ts';

/** At most two sentences. */
export function ssdStory(recording: Recording, others: readonly Recording[]): string {
  const { trace, config, variant, edited } = recording;
  const run = edited.length > 0 ? 'this edited run' : 'this run';
  const { chunks } = chunksOf(recording);
  const other = others.find((each) => each.variant !== variant);
  const beside = other
    ? `; as ${other.variant === 'quadratic' ? 'one masked attention' : 'chunks'} it compares ${exactText(other.trace.events.pair ?? 0)}`
    : '';
  const moved = `Over ${plural(Number(config.seqlen), 'token')} and ${plural(Number(config.heads), 'head')} ${run} moved ${bytesText(hbmBytes(recording))} between HBM and SRAM.`;
  if (!trace.matchesPlain) return `${moved} The recorded run’s output differs from the plain run’s.`;
  return `${moved} It compared ${exactText(trace.events.pair ?? 0)} pairs of tokens inside ${plural(chunks, 'chunk')}${beside}.`;
}
