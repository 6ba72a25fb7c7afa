// View: the scores and the attention weights of a head, element by element, as far as the run has made them.

import { HEAD_PICKS } from '../../exhibit/picked-axes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { heat } from '../../pictures/heat/heat.ts';
import { exactText, plural, valueText } from '../../words/quantities.ts';
import { followedRow } from './followed-row.ts';
import { hasScores, headOf } from './score-place.ts';
import { knownScores, scoresAt } from './scores.ts';
import { tokenTexts } from './token-text.ts';

/** A line that puts scores on record, query by key. */
function marksScores(line: string): boolean {
  if (!line.trimStart().startsWith('//: detail ')) return false;
  const words = line.split(/\s+/);
  const at = words.indexOf('at');
  return at >= 0 && words.slice(at).some((word) => word === 'key' || word.startsWith('key='));
}

const OVER = { rows: 'row', columns: 'key', axes: { rows: 'query', columns: 'key' } };

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
    'One head: how well every query (a row) matches every key (a column), and what share of attention that becomes. First the scores S, as the kernel had them on chip, then the weights: exp(s − m) / ℓ with the m and ℓ that the row has reached at this step, so that the weights of a row always add up to 1 and shrink when a better key comes. Hatched is what has not been computed yet, dotted what the mask hides.',
  nothing: unrecorded,
  labels: (run, axis) => tokenTexts(axis === 'row' ? run.tokens?.query : run.tokens?.key),
  called: { row: 'query' },
  follow: (run, tick) => ({ ...followedRow(run, tick) }),
  picks: HEAD_PICKS,
  panels: [
    {
      ...OVER,
      id: 's',
      titles: ['score'],
      notes: () => ['recorded; scaled to this run', 'recorded'],
      made: (run, at) => knownScores(run, at, 'scores'),
    },
    {
      ...OVER,
      id: 'p',
      titles: ['attention weight', 'weight'],
      notes: () => ['recorded, brought to m and ℓ of this step', 'at this step'],
      scale: { from: 0, to: 1 },
      made: (run, at) => knownScores(run, at, 'weights'),
    },
  ],
  placeOf: (_run, _panel, at, row, key) => ({ kind: 'at', at: { ...at, row, key } }),
  shutOut: 'hidden by the mask',
  ofRow(run, at, row, tick) {
    const made = scoresAt(run, headOf(at), tick);
    if (!made || Number.isNaN(made.l[row] ?? Number.NaN)) return '';
    return `m ${valueText(made.m[row]!)}, ℓ ${valueText(made.l[row]!)}`;
  },
  words({ at, panels, selected }, { run, tick }) {
    const made = scoresAt(run, headOf(at), tick);
    const weights = panels.find(({ id }) => id === 'p');
    if (!made || made.scored === 0 || !weights) return `Head ${at.head! + 1}: no score yet.`;
    const { rows, columns, rowWords, columnWords } = weights;
    const so = `Head ${at.head! + 1}: ${exactText(made.scored)} of ${plural(rows * columns, 'score')} computed`;
    const row = selected?.row;
    if (row === undefined) return `${so}.`;
    const own = weights.values.subarray(row * columns, (row + 1) * columns);
    const best = own.reduce((top, value, key) => (value > (own[top] ?? -1) || Number.isNaN(own[top]!) ? key : top), 0);
    if (Number.isNaN(own[best]!)) return `${so}; query ${nameOf(rowWords, row)} has no weight yet.`;
    return `${so}; query ${nameOf(rowWords, row)} attends most to ${nameOf(columnWords, best)}, with ${valueText(own[best]!)} of its attention.`;
  },
});

const nameOf = (labels: readonly string[] | undefined, index: number) =>
  labels?.[index] === undefined ? String(index) : `“${labels[index]}”`;
