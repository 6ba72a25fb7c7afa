// What the story says of a scan beyond what it moved: what its tree, its carry or its stream did. Recorded numbers only.

import type { Recording } from '../../exhibit/recording.ts';
import { bytesText, exactText, percentText, plural } from '../../words/quantities.ts';
import { materialisedBytes } from './fusing.ts';
import { chunksOf, isParallel, settingsOf } from './scan-run.ts';
import { answersOf } from './stream.ts';
import { crossingsOf } from './views/carry.ts';
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

function treeFinding(run: Recording): string | null {
  const { combine } = run.trace.events;
  if (combine === undefined) return null;
  const rounds = treeRounds(run);
  const trees = rounds > 0 ? `trees ${plural(rounds, 'round')} deep` : 'trees';
  return `${exactText(combine)} combines in ${trees} over ${settingsOf(run).scan} time steps.`;
}

function chunkFinding(run: Recording): string | null {
  const { broken, whole } = crossingsOf(run);
  const borders = chunksOf(run) - 1;
  if (broken) {
    const sequence = settingsOf(run).batch > 1 ? ` of sequence ${broken.batch + 1}` : '';
    return `Chunk ${broken.chunk} of channel ${broken.channel}${sequence} did not start from the state that the one before left.`;
  }
  if (borders === 0) return 'The sequence is one chunk.';
  return whole ? `The state crosses ${plural(borders, 'chunk border')}.` : null;
}

export function scanFinding(run: Recording): string | null {
  const { mode } = settingsOf(run);
  const answers = copied(run);
  if (answers) {
    const why = mode === 's4' ? 'with the same Δ, B and C for every token' : 'by opening Δ for those tokens only';
    return `It gave back ${answers.right} of ${plural(answers.asked, 'token')} to remember (${percentText(answers.right, answers.asked)}), ${why}.`;
  }
  if (run.trace.truncated) return null;
  if (isParallel(run)) return treeFinding(run);
  if (run.variant === 'chunked') return chunkFinding(run);
  if (run.variant === 'unfused')
    return `${bytesText(materialisedBytes(run))} of it are Ā, B̄u and h, each written to memory and read back.`;
  return mode === 's4' ? 'Δ, B and C are the same for every token: nothing can be chosen or skipped.' : null;
}
