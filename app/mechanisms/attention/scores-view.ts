// View: the scores and the attention weights of a head, element by element, as far as the run has made them.

import type { Where } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { heat } from '../../pictures/heat/values.ts';
import { exactText, plural, valueText } from '../../words/quantities.ts';
import { followedRow } from './followed-row.ts';
import { scoreExtents } from './score-place.ts';
import { hasScores, scoresAt } from './scores.ts';
import { tokenTexts } from './token-text.ts';

const headOf = (at: Where) => ({ batch: at.batch ?? 0, head: at.head ?? 0 });

function valuesOf(run: Recording, at: Where, tick: number, of: 'scores' | 'weights'): Float32Array {
  return scoresAt(run, headOf(at), tick)?.[of] ?? new Float32Array(0);
}

/** A line that puts scores on record, query by key. */
function marksScores(line: string): boolean {
  if (!line.trimStart().startsWith('//: detail ')) return false;
  const words = line.split(/\s+/);
  const at = words.indexOf('at');
  return at >= 0 && words.slice(at).some((word) => word === 'key' || word.startsWith('key='));
}

/** Why a run has no scores to show. */
function unrecorded(run: Recording): string | null {
  if (hasScores(run)) return null;
  const { batch = 1, heads = 1, nq = 0, nk = 0 } = run.config as Record<'batch' | 'heads' | 'nq' | 'nk', number>;
  const marks = run.kernels.some(({ wgsl }) => wgsl.split('\n').some(marksScores));
  if (!marks)
    return 'No kernel of this run has a “//: detail” line for its scores: choose standard, flash-v1, flash-v2 or block-sparse to see them.';
  return `This run was recorded without its ${exactText(batch * heads * nq * nk)} scores: so many would not fit beside the rest. Choose fewer tokens or heads to see them.`;
}

export const scoresView = heat({
  id: 'scores',
  title: 'Scores',
  about:
    'One head: how well every query (a row) matches every key (a column), and what share of attention that becomes. Left the scores S, as the kernel had them on chip; right the weights: exp(s − m) / ℓ with the m and ℓ that the row has reached at this step, so that the weights of a row always add up to 1 and shrink when a better key comes. Hatched is what has not been computed yet, dotted what the mask hides.',
  nothing: unrecorded,
  rows: { axis: 'row', title: 'query', words: (run) => tokenTexts(run.tokens?.query) },
  columns: { axis: 'key', title: 'key', words: (run) => tokenTexts(run.tokens?.key) },
  extents: (run, at) => scoreExtents(run, at) as Record<string, number>,
  follow: (run, tick) => ({ ...followedRow(run, tick) }),
  picks: [
    { axis: 'batch', label: 'Sequence', first: 1 },
    { axis: 'head', label: 'Head', first: 1 },
  ],
  panels: [
    {
      ...{ id: 's', title: 'score', note: 'recorded; scaled to this run' },
      at: (run, at, tick) => valuesOf(run, at, tick, 'scores'),
    },
    {
      ...{ id: 'p', title: 'attention weight', note: 'recorded, brought to m and ℓ of this step' },
      ...{ scale: { from: 0, to: 1 }, at: (run, at, tick) => valuesOf(run, at, tick, 'weights') },
    },
  ],
  ofRow(run, at, row, tick) {
    const made = scoresAt(run, headOf(at), tick);
    if (!made || Number.isNaN(made.l[row] ?? Number.NaN)) return '';
    return `m ${valueText(made.m[row]!)}, ℓ ${valueText(made.l[row]!)}`;
  },
  words({ at, rows, columns, rowLabels, columnLabels, panels: [scores, weights], selected }, { run, tick }) {
    const made = scoresAt(run, headOf(at), tick);
    const known = made?.scored ?? 0;
    if (known === 0 || !scores || !weights) return `Head ${at.head! + 1}: no score yet.`;
    const so = `Head ${at.head! + 1}: ${exactText(known)} of ${plural(rows * columns, 'score')} computed`;
    const row = selected?.row;
    if (row === undefined) return `${so}.`;
    const own = weights.values.subarray(row * columns, (row + 1) * columns);
    const best = own.reduce((top, value, key) => (value > (own[top] ?? -1) || Number.isNaN(own[top]!) ? key : top), 0);
    if (Number.isNaN(own[best]!)) return `${so}; query ${nameOf(rowLabels, row)} has no weight yet.`;
    return `${so}; query ${nameOf(rowLabels, row)} attends most to ${nameOf(columnLabels, best)}, with ${valueText(own[best]!)} of its attention.`;
  },
});

const nameOf = (labels: readonly string[] | undefined, index: number) =>
  labels?.[index] === undefined ? String(index) : `“${labels[index]}”`;
