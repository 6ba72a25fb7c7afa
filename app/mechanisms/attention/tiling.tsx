// View: the tiles of the score matrix, and the running statistics of a picked row.

import { HEAD_PICKS } from '../../exhibit/picked-axes.ts';
import type { PictureState } from '../../exhibit/picture.ts';
import type { ViewTable } from '../../exhibit/view.ts';
import { type GridScene, grid } from '../../pictures/grid/grid.ts';
import { RowStatistics } from '../../pictures/grid/RowStatistics.tsx';
import { valueText } from '../../words/quantities.ts';
import { tokenTexts } from '../../words/token-text.ts';
import { capitalised } from '../../words/written-short.ts';
import { followedRow, headOfStep } from './followed-row.ts';
import { headGridOf } from './head-grid.ts';
import { placeWords } from './place-words.ts';
import { rowScene } from './row-scene.ts';
import { hasScores, headOf } from './score-place.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';

/** The head that is shown; the step that is named may be another head's. */
function where({ run, at }: GridScene, tick: number): string {
  const own = headOf(at);
  const place = placeWords(run, own);
  const step = headOfStep(run, tick);
  const elsewhere = step !== null && (step.batch !== own.batch || step.head !== own.head);
  const besides = elsewhere ? `, while the step is of ${placeWords(run, step)}` : '';
  return place && `${capitalised(place)}${besides}`;
}

/** A row per visit of the picked head, with the picked row's statistics where the visit folded it. */
function table({ run, at, row }: GridScene, { tick }: PictureState): ViewTable {
  const own = headOf(at);
  const { visits, visitOfStep, folds } = tileIndexOf(run);
  const [from, to] = foldsOfRow(folds, own.batch, own.head, row);
  const foldOfVisit = new Map<number, number>();
  for (let fold = from; fold < to; fold++) foldOfVisit.set(visitOfStep[folds.step[fold]!]!, fold);
  const rows = [...new Set(headGridOf(run, own.batch, own.head).visit)].map((visit) => {
    const fold = foldOfVisit.get(visit);
    const value = (column: Float32Array) =>
      fold === undefined || Number.isNaN(column[fold]!) ? '' : valueText(column[fold]!);
    return [
      visits.step[visit]! + 1,
      visits.dispatch[visit]!,
      visits.workgroup[visit]!,
      visits.q0[visit]!,
      visits.k0[visit]!,
      visits.repeats[visit]!,
      value(folds.m),
      value(folds.l),
      value(folds.rescale),
    ];
  });
  const place = placeWords(run, own);
  return {
    caption: capitalised(`${place && `${place}, `}row ${row}`),
    current: rows.findLastIndex(([step]) => Number(step) <= tick),
    columns: [
      { id: 'step', title: 'Step' },
      { id: 'dispatch', title: 'Dispatch' },
      { id: 'workgroup', title: 'Workgroup' },
      { id: 'q0', title: 'First query' },
      { id: 'k0', title: 'First key' },
      { id: 'repeats', title: 'Times loaded' },
      { id: 'm', title: `m of row ${row}`, numeric: true },
      { id: 'l', title: `ℓ of row ${row}`, numeric: true },
      { id: 'rescale', title: 'Rescale', numeric: true },
    ],
    rows,
  };
}

/** What reads scores, and what a selection made elsewhere is about, once it is loaded. */
let late: {
  scoresAt: typeof import('./scores.ts').scoresAt;
  linkedSpan: typeof import('./links.ts').linkedSpan;
} | null = null;

export const tiling = grid({
  id: 'tiling',
  title: 'Tiling',
  about:
    'Every box is a tile of the score matrix: some queries (down) against some keys (across), as many of each as one tile holds. A tile fills when a workgroup loads it; its outline says which workgroup is there now. The row on the right shows the running maximum m, the running sum ℓ and the factor that rescales the old sum, read from the kernel’s own variables.',
  kind: 'score grid',
  rows: 'row',
  columns: 'key',
  titles: { rows: 'queries', columns: 'keys' },
  picks: HEAD_PICKS,
  follow: (run, tick) => ({ ...followedRow(run, tick) }),
  visits: (run, { batch = 0, head = 0 }) => headGridOf(run, batch, head),
  hasFills: hasScores,
  async fills() {
    const scores = import('./scores.ts');
    const { linkedSpan } = await import('./links.ts');
    const { knownScores, scoresAt } = await scores;
    late = { scoresAt, linkedSpan };
    return [
      { id: 'scores', title: 'scores S', made: (run, at) => knownScores(run, at, 'scores') },
      {
        id: 'weights',
        title: 'weights P',
        scale: { from: 0, to: 1 },
        made: (run, at) => knownScores(run, at, 'weights'),
      },
    ];
  },
  labels: (run, axis) => tokenTexts(axis === 'row' ? run.tokens?.query : run.tokens?.key),
  linked: (run, place, at) => late?.linkedSpan(run, place, headOf(at)) ?? null,
  where,
  table,
  beside({ run, at, row }, { tick }, onTick) {
    const own = headOf(at);
    const scores = late?.scoresAt(run, own, tick);
    const weights = scores?.weights.subarray(row * scores.keys, (row + 1) * scores.keys);
    const statistics = { ...rowScene(run, tick, { ...own, row }), ...(weights && { weights }) };
    return <RowStatistics scene={statistics} onFold={(i) => onTick(statistics.folds[i]!.step + 1)} />;
  },
});
