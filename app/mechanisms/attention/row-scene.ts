// (recording, tick, row) → the row's recorded statistics, fold by fold.

import type { RowStatisticsScene } from '../../marks/row-statistics.ts';
import type { Recording } from '../view.ts';
import type { PickedRow } from './followed-row.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';
import { tokenTexts } from './token-text.ts';

export function rowScene(recording: Recording, tick: number, { batch, head, row }: PickedRow): RowStatisticsScene {
  const { folds } = tileIndexOf(recording);
  const [from, to] = foldsOfRow(folds, batch, head, row);
  const list = Array.from({ length: to - from }, (_, i) => ({
    step: folds.step[from + i]!,
    k0: folds.k0[from + i]!,
    m: folds.m[from + i]!,
    l: folds.l[from + i]!,
    rescale: folds.rescale[from + i]!,
  }));
  return {
    row,
    token: tokenTexts(recording.tokens?.query)?.[row],
    folds: list,
    done: list.filter(({ step }) => step < tick).length,
  };
}
