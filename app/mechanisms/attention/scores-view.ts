// View: the scores and the attention weights of a head, element by element, as far as the run has made them.

import { HEAD_PICKS } from '../../exhibit/picked-axes.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { heat } from '../../pictures/heat/heat.ts';
import { exactText, plural, valueText } from '../../words/quantities.ts';
import { tokenTexts } from '../../words/token-text.ts';
import { followedRow } from './followed-row.ts';
import { hasScores, headOf } from './score-place.ts';
import { knownScores, scoresAt } from './scores.ts';

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
      notes: () => ['recorded; scaled to this run', 'scaled to this run'],
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
    const shown = `Head ${at.head! + 1}`;
    const made = scoresAt(run, headOf(at), tick);
    if (made && made.rows * made.keys === 0)
      return `${shown}: this sequence has no ${made.rows === 0 ? 'queries' : 'keys'}, so there is nothing to score.`;
    const [scores, weights] = ['s', 'p'].map((id) => panels.find((panel) => panel.id === id));
    if (!scores || !weights) return `${shown}: no score yet.`;
    const hidden = countOf(scores.values, isHidden);
    const computed = countOf(scores.values, (score) => score > Number.NEGATIVE_INFINITY);
    const open = scores.values.length - hidden;
    if (open === 0) return `${shown}: the mask hides every key from every query.`;
    if (computed === 0) return `${shown}: no score yet.`;
    const besides = hidden > 0 ? `, ${exactText(hidden)} hidden by the mask` : '';
    const so = `${shown}: ${exactText(computed)} of ${plural(open, 'score')} computed${besides}`;
    const row = selected?.row;
    if (row === undefined) return `${so}.`;
    const { columns, rowWords, columnWords } = weights;
    const query = `query ${nameOf(rowWords, row)}`;
    const ofRow = (values: Float32Array) => values.subarray(row * columns, (row + 1) * columns);
    if (ofRow(scores.values).every(isHidden)) return `${so}; the mask hides every key from ${query}.`;
    const own = ofRow(weights.values);
    const best = own.reduce((top, weight, key) => (weight > (own[top] ?? -1) ? key : top), -1);
    if (best < 0) return `${so}; ${query} has no weight ${tick < run.trace.steps.length ? 'yet' : 'in this run'}.`;
    return `${so}; ${query} attends most to ${nameOf(columnWords, best)}, with ${valueText(own[best]!)} of its attention.`;
  },
});

const isHidden = (value: number) => value === Number.NEGATIVE_INFINITY;
const countOf = (values: Float32Array, counts: (value: number) => boolean) =>
  values.reduce((count, value) => count + (counts(value) ? 1 : 0), 0);

const nameOf = (labels: readonly string[] | undefined, index: number) =>
  labels?.[index] === undefined ? String(index) : `“${labels[index]}”`;
