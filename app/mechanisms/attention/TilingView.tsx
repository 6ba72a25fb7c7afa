// View (a): the score grid, tile by tile, and the running statistics of a picked row.

import { useEffect, useMemo, useState } from 'react';
import { mostOf } from '../../exhibit/known.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { LegendEntry, ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { RowStatistics } from '../../pictures/grid/RowStatistics.tsx';
import { TileGrid } from '../../pictures/grid/TileGrid.tsx';
import { CELL, drawGridBase, drawGridLive, hasMasked } from '../../pictures/grid/tile-grid.ts';
import { exactText, plural, valueText } from '../../words/quantities.ts';
import { stepWordsOf } from '../../words/step-words.ts';
import { headOfStep } from './followed-row.ts';
import { HeadPicker } from './HeadPicker.tsx';
import { attentionNames } from './names.ts';
import { placeWords } from './place-words.ts';
import { rowScene } from './row-scene.ts';
import { rowPlace, tilePlace } from './score-place.ts';
import type { HeadScores, scoresAt } from './scores.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';
import { headGridOf, pickedRow, type TilingScene, tilingScene } from './tiling-scene.ts';
import { usePicked } from './use-picked.ts';

/** What the tiles are filled with. */
const FILLS = { visits: 'visits', scores: 'scores S', weights: 'weights P' } as const;
type Fill = keyof typeof FILLS;

/** Scores and weights of the picked head, once what reads them is loaded: the first picture does without. */
function useScores(recording: Recording, { batch, head }: { batch: number; head: number }, tick: number) {
  const [read, setRead] = useState<typeof scoresAt | null>(null);
  useEffect(() => {
    // Without them the tiles stay filled with their visits.
    import('./scores.ts').then(
      (module) => setRead(() => module.scoresAt),
      () => {},
    );
  }, []);
  return useMemo(() => read?.(recording, { batch, head }, tick) ?? null, [read, recording, batch, head, tick]);
}

/** Values within the tiles; scores on the scale of what the head has by now. */
function filledWith(scene: TilingScene, scores: HeadScores | null, fill: Fill): TilingScene {
  if (!scores || fill === 'visits') return scene;
  const values = scores[fill];
  const most = fill === 'weights' ? 1 : mostOf(values) || 1;
  return { ...scene, fill: { values, most, signed: fill === 'scores' } };
}

function TilingPicture({ recording, tick, selection, following, onSelect, onTick }: ViewProps) {
  const picked = usePicked(recording, selection, tick);
  const { batch, head, row } = picked;
  const [fill, setFill] = useState<Fill>('visits');
  const scores = useScores(recording, picked, tick);
  const scene = useMemo(
    () => filledWith(tilingScene(recording, tick, selection, { batch, head, row }), scores, fill),
    [recording, tick, selection, batch, head, row, scores, fill],
  );
  const statistics = useMemo(() => {
    const weights = scores?.weights.subarray(row * scores.keys, (row + 1) * scores.keys);
    return { ...rowScene(recording, tick, { batch, head, row }), ...(weights && { weights }) };
  }, [recording, tick, batch, head, row, scores]);
  return (
    <div className="attention-tiling">
      <div className="attention-tiling__inner">
        <div className="attention-tiling__main">
          <HeadPicker
            recording={recording}
            picked={picked}
            following={following ?? selection === null}
            beside={following === true && selection !== null}
            onSelect={onSelect}
          >
            {scores && (
              <label className="axis-picker attention-fill">
                Fill tiles with
                <select value={fill} onChange={({ target }) => setFill(target.value as Fill)}>
                  {Object.entries(FILLS).map(([id, words]) => (
                    <option key={id} value={id}>
                      {words}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </HeadPicker>
          <TileGrid
            scene={scene}
            baseKey={`${recording.id} ${batch} ${head} ${row}`}
            label={`${stepWordsOf(recording.trace, tick, attentionNames.steps)}. ${gridWords(recording, scene, tick)}`}
            status={selectionWords(scene)}
            onPick={(pickedAt, cell) => {
              if (cell === null) return onSelect(rowPlace({ batch, head, row: pickedAt }));
              const first = Math.floor(cell / scene.gridColumns) * scene.tileRows;
              onSelect(tilePlace({ batch, head, row: first }, (cell % scene.gridColumns) * scene.tileColumns));
            }}
          />
          <Legend scene={scene} />
        </div>
        <RowStatistics scene={statistics} onFold={(i) => onTick(statistics.folds[i]!.step + 1)} />
      </div>
    </div>
  );
}

/** The signs that occur in the picture, with how many cells carry them. */
export function gridLegend(scene: TilingScene): LegendEntry[] {
  const again = scene.state.reduce((sum, state) => sum + (state === CELL.visitedLater ? 1 : 0), 0);
  const entries: (LegendEntry | false)[] = [
    { id: 'visited', words: 'visited', count: scene.visited, ink: '--tensor-s', alpha: 0.45 },
    again > 0 && { id: 'again', words: 'of these by several kernels', count: again, ink: '--tensor-s', alpha: 0.8 },
    { id: 'current', words: 'at work', count: scene.current.length, frame: '--accent' },
    scene.never > scene.missed && {
      id: 'never',
      words: 'never visited',
      count: scene.never - scene.missed,
      pattern: { kind: 'hatch', ink: '--line-strong' },
    },
    hasMasked(scene) && { id: 'masked', words: 'hidden by the mask', pattern: { kind: 'dots', ink: '--tensor-mask' } },
    scene.repeated > 0 && { id: 'repeated', words: 'read more than once', count: scene.repeated, ink: '--warn' },
    scene.missed > 0 && {
      id: 'missed',
      words: 'skipped though the mask lets it through',
      count: scene.missed,
      pattern: { kind: 'cross', ink: '--bad' },
    },
  ];
  return entries.filter((entry) => entry !== false);
}

function Legend({ scene }: { scene: TilingScene }) {
  return (
    <ul className="attention-legend">
      {gridLegend(scene).map(({ id, words, count }) => (
        <li key={id}>
          <i className={`attention-key attention-key--${id}`} /> {words}
          {count !== undefined && <b className="numeric">{exactText(count)}</b>}
        </li>
      ))}
    </ul>
  );
}

const capitalised = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;

/** The head that is shown, and what of its grid is visited; the step that is named may be another head's. */
function gridWords(recording: Recording, scene: TilingScene, tick: number): string {
  const { visited, never, missed, repeated, state } = scene;
  const place = placeWords(recording, scene);
  const at = headOfStep(recording, tick);
  const elsewhere = at !== null && (at.batch !== scene.batch || at.head !== scene.head);
  const besides = elsewhere ? `, while the step is of ${placeWords(recording, at)}` : '';
  const parts = [`${exactText(visited)} of ${plural(state.length, 'tile')} visited`];
  if (never - missed > 0) parts.push(`${exactText(never - missed)} never visited, as the mask has it`);
  if (missed > 0)
    parts.push(`${exactText(missed)} never visited although the mask lets ${missed === 1 ? 'it' : 'them'} through`);
  if (repeated > 0) parts.push(`${exactText(repeated)} read more than once`);
  return `${place && `${capitalised(place)}${besides}: `}${parts.join(', ')}.`;
}

function selectionWords(scene: TilingScene): string {
  if (scene.selectedCell === null) return `Row ${scene.row}`;
  const row = Math.floor(scene.selectedCell / scene.gridColumns);
  const column = scene.selectedCell % scene.gridColumns;
  return `Tile: queries from ${row * scene.tileRows}, keys from ${column * scene.tileColumns}`;
}

function summary({ recording, tick, selection }: ViewState): string {
  return `${stepWordsOf(recording.trace, tick, attentionNames.steps)}. ${gridWords(recording, tilingScene(recording, tick, selection), tick)}`;
}

/** A row per visit of the picked head, with the picked row's statistics where the visit folded it. */
function table({ recording, tick, selection }: ViewState): ViewTable {
  const picked = pickedRow(recording, selection, tick);
  const { visits, visitOfStep, folds } = tileIndexOf(recording);
  const grid = headGridOf(recording, picked.batch, picked.head);
  const [from, to] = foldsOfRow(folds, picked.batch, picked.head, picked.row);
  const foldOfVisit = new Map<number, number>();
  for (let fold = from; fold < to; fold++) foldOfVisit.set(visitOfStep[folds.step[fold]!]!, fold);
  const rows = [...new Set(grid.visit)].map((visit) => {
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
  const place = placeWords(recording, picked);
  return {
    caption: capitalised(`${place && `${place}, `}row ${picked.row}`),
    current: rows.findLastIndex(([step]) => Number(step) <= tick),
    columns: [
      { id: 'step', title: 'Step' },
      { id: 'dispatch', title: 'Dispatch' },
      { id: 'workgroup', title: 'Workgroup' },
      { id: 'q0', title: 'First query' },
      { id: 'k0', title: 'First key' },
      { id: 'repeats', title: 'Times loaded' },
      { id: 'm', title: `m of row ${picked.row}`, numeric: true },
      { id: 'l', title: `ℓ of row ${picked.row}`, numeric: true },
      { id: 'rescale', title: 'Rescale', numeric: true },
    ],
    rows,
  };
}

export const tilingView: ViewSpec = {
  id: 'tiling',
  title: 'Tiling',
  about:
    'Every square is a tile of the score matrix: a block of queries (down) against a block of keys (across). A tile fills when a workgroup loads it; its outline says which workgroup is there now. The row on the right shows the running maximum m, the running sum ℓ and the factor that rescales the old sum, read from the kernel’s own variables.',
  Component: TilingPicture,
  summary,
  table,
  legend: ({ recording, tick, selection }) => gridLegend(tilingScene(recording, tick, selection)),
  async svg({ recording, tick, selection }, { width, height }, inkOf) {
    const scene = tilingScene(recording, tick, selection);
    // Only for saving and for the gallery: not in the way of the first picture.
    const { SvgPen } = await import('../../pens/svg-pen.ts');
    const pen = new SvgPen(width, height, inkOf);
    drawGridBase(pen, scene);
    drawGridLive(pen, scene);
    return pen.document(
      `${stepWordsOf(recording.trace, tick, attentionNames.steps)}. ${gridWords(recording, scene, tick)}`,
    );
  },
};
