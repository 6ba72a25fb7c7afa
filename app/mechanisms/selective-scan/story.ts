// The story line: what the run moved beside another way, or what its tree, carry or numerical trap did. Recorded numbers only.

import { hbmBytes } from '../../exhibit/moved-bytes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { onChip } from '../../words/numbers.ts';
import { bytesText, exactText, plural } from '../../words/quantities.ts';
import { carryScene } from './carry-scene.ts';
import { materialisedBytes } from './fusing.ts';
import { answersOf } from './stream.ts';
import { trapStory } from './trap-story.ts';
import { treeScene } from './tree-scene.ts';
import { variantTitles } from './variant-titles.ts';

function beside(recording: Recording, others: readonly Recording[]): string {
  const wanted = recording.variant === 'unfused' ? 'sequential' : 'unfused';
  const other =
    others.find(({ variant }) => variant === wanted) ?? others.find(({ variant }) => variant !== recording.variant);
  if (!other) return '.';
  const [own, its] = [hbmBytes(recording), hbmBytes(other)];
  const [ratio, word] = own >= its ? [own / its, 'as much as'] : [its / own, 'less than'];
  const times = ratio < 1.05 ? 'about as much as' : `${ratio.toFixed(1)} times ${word}`;
  return `, ${times} ${variantTitles[other.variant] ?? other.variant} with ${bytesText(its)}.`;
}

/** How much of what was asked for came back, where the input is a stream to copy from; null elsewhere. */
export function copied(recording: Recording): { right: number; asked: number } | null {
  const answers = answersOf(recording);
  if (!answers) return null;
  return { right: answers.filter(({ expected, answered }) => expected === answered).length, asked: answers.length };
}

function detail(recording: Recording): string {
  const { trace, variant, config } = recording;
  const end = trace.steps.length;
  const answers = copied(recording);
  if (answers) {
    const share = ((100 * answers.right) / Math.max(answers.asked, 1)).toFixed(1);
    const why =
      config.mode === 's4' ? 'with the same Δ, B and C for every token' : 'by opening Δ for those tokens only';
    return ` It gave back ${answers.right} of ${plural(answers.asked, 'token')} to remember (${share} %), ${why}.`;
  }
  if (!trace.matchesPlain) return ' The recorded run’s output differs from the plain run’s.';
  if (trace.truncated) return ' The run had more steps than were kept: the playback stops early, the totals are whole.';
  if (variant === 'hillis-steele' || variant === 'blelloch') {
    const { facts } = treeScene(recording, end, null);
    return ` ${exactText(trace.events.combine ?? 0)} combines in trees ${plural(facts.depth, 'round')} deep over ${config.scan} time steps.`;
  }
  if (variant === 'chunked') {
    const { broken, columns } = carryScene(recording, end, null);
    if (broken.length > 0)
      return ` Chunk ${broken[0]} of channel 0 did not start from the state that the one before left.`;
    return columns === 1 ? ' The sequence is one chunk.' : ` The state crosses ${plural(columns - 1, 'chunk border')}.`;
  }
  if (variant === 'unfused') {
    return ` ${bytesText(materialisedBytes(recording))} of it are Ā, B̄u and h, each written to memory and read back.`;
  }
  return config.mode === 's4' ? ' Δ, B and C are the same for every token: nothing can be chosen or skipped.' : '';
}

/** At most two sentences. */
export function scanStory(recording: Recording, others: readonly Recording[]): string {
  const { config, edited } = recording;
  const trapped = edited.length === 0 && recording.trace.matchesPlain ? trapStory(recording, others) : null;
  if (trapped) return trapped;
  const kernel = edited.length > 0 ? 'this edited run' : 'this run';
  const channels = plural(Number(config.batch) * Number(config.dim), 'channel');
  const what = `To scan ${plural(Number(config.seqlen), 'time step')} of ${channels}, ${kernel} moved ${bytesText(hbmBytes(recording))} between HBM and ${onChip(recording.trace)}`;
  return `${what}${beside(recording, others)}${detail(recording)}`;
}
