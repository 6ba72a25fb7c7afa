// What the story says of a scan beyond what it moved: what its tree, its carry or its stream did. Recorded numbers only.

import type { Recording } from '../../exhibit/recording.ts';
import { bytesText, exactText, plural } from '../../words/quantities.ts';
import { materialisedBytes } from './fusing.ts';
import { chunksOf, isParallel, settingsOf } from './scan-run.ts';
import { answersOf } from './stream.ts';
import { brokenChunks } from './views/carry.ts';
import { treeRounds } from './views/scan-tree.ts';

/** How much of what was asked for came back, where the input is a stream to copy from; null elsewhere. */
export function copied(run: Recording): { right: number; asked: number } | null {
  const answers = answersOf(run);
  if (!answers) return null;
  return { right: answers.filter(({ expected, answered }) => expected === answered).length, asked: answers.length };
}

export function scanPurpose(run: Recording): string {
  const { seqlen, batch, dim } = settingsOf(run);
  return `To scan ${plural(seqlen, 'time step')} of ${plural(batch * dim, 'channel')},`;
}

export function scanFinding(run: Recording): string | null {
  const { mode, scan } = settingsOf(run);
  const answers = copied(run);
  if (answers) {
    const share = ((100 * answers.right) / Math.max(answers.asked, 1)).toFixed(1);
    const why = mode === 's4' ? 'with the same Δ, B and C for every token' : 'by opening Δ for those tokens only';
    return `It gave back ${answers.right} of ${plural(answers.asked, 'token')} to remember (${share} %), ${why}.`;
  }
  if (run.trace.truncated) return null;
  if (isParallel(run))
    return `${exactText(run.trace.events.combine ?? 0)} combines in trees ${plural(treeRounds(run), 'round')} deep over ${scan} time steps.`;
  if (run.variant === 'chunked') {
    const [broken] = brokenChunks(run, run.trace.steps.length, { batch: 0, channel: 0 });
    const borders = chunksOf(run) - 1;
    if (broken !== undefined)
      return `Chunk ${broken} of channel 0 did not start from the state that the one before left.`;
    return borders === 0 ? 'The sequence is one chunk.' : `The state crosses ${plural(borders, 'chunk border')}.`;
  }
  if (run.variant === 'unfused')
    return `${bytesText(materialisedBytes(run))} of it are Ā, B̄u and h, each written to memory and read back.`;
  return mode === 's4' ? 'Δ, B and C are the same for every token: nothing can be chosen or skipped.' : null;
}
