// (recording, tick, row) → the row's recorded statistics, fold by fold.

import { TUNED } from '#gpu/mechanisms/attention/tuned-tiles.ts';
import { tablesWith } from '#gpu/trace/record-rows.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { RowStatisticsScene } from '../../pictures/grid/row-statistics.ts';
import { tokenTexts } from '../../words/token-text.ts';
import type { PickedRow } from './followed-row.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';

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
    ...(list.length === 0 && { unrecorded: unrecordedWords(recording) }),
    done: list.filter(({ step }) => step < tick).length,
  };
}

/** Whether some kernel of the run records its rows' statistics. */
export function recordsRows({ trace }: Recording): boolean {
  return tablesWith(trace, ['row', 'm']).length > 0;
}

/** Whether one of them also says by what factor it rescales: a kernel that makes its rows in one go has none. */
export function recordsRescale({ trace }: Recording): boolean {
  return tablesWith(trace, ['row', 'm', 'rescale']).length > 0;
}

/** Why a row has no numbers. */
function unrecordedWords(recording: Recording): string {
  if (recordsRows(recording)) return 'no fold of this row was recorded';
  if (recording.variant === TUNED && recording.edited.length === 0)
    return 'this form keeps m and ℓ of its rows in registers and does not record them';
  return 'the kernel does not record m and ℓ';
}
