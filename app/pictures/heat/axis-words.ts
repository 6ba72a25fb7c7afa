// What stands beside the rows and above the columns of a heat map: words where they have some, else numbers, as many as there is room for,
// and always those of the selected cell.

import { type Pen, textWidth } from '../../pens/pen.ts';
import { drawTurnedWord, LONGEST_WORD, widestColumn } from '../../pens/turned-words.ts';
import { shortened } from '../../words/written-short.ts';

interface Named {
  rows: number;
  columns: number;
  /** What rows and columns are called; absent where they have no names, and without columns where there is one number per row. */
  axes?: { rows: string; columns?: string };
  rowWords?: readonly string[];
  columnWords?: readonly string[];
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const SIZE = 11;
/** Words of rows get smaller before some of them are left out. */
const SMALLEST = 9;
const LETTER = 6.4;
/** As the selected row and column are written. */
const BOLD = { bold: true };

const lengthOf = (words: readonly string[]) => Math.min(LONGEST_WORD, Math.max(2, ...words.map((word) => word.length)));

/** Room for the words; none where the panel names no axes. */
export function marginsOf({ axes, rowWords, columnWords }: Named): { left: number; top: number } {
  if (!axes) return { left: 0, top: 0 };
  const top = columnWords ? 12 + 0.87 * LETTER * lengthOf(columnWords) : 28;
  const beside = Math.max(
    ...(rowWords ?? ['0000']).map((word) => textWidth(shortened(word, LONGEST_WORD), SIZE, BOLD)),
  );
  return { left: Math.max(8 + beside, LETTER * (axes.rows.length + 3)), top };
}

/** How wide the box of a panel may be that has `room` from its left edge on, so that nothing above its last columns is cut. */
export function widestBox({ axes, columnWords, columns }: Named, room: number): number {
  if (!axes) return room;
  if (columnWords) return Math.min(room, columns * widestColumn(columnWords, room, BOLD));
  const half = textWidth(String(columns - 1), SIZE, BOLD) / 2;
  return Math.min(room, (columns * (room - half)) / (columns - 0.5));
}

/** Indices that are written: evenly many, and `chosen`, for which those too close to it give way. */
function written(count: number, scale: number, spacing: number, chosen: number | null): number[] {
  const step = Math.max(1, Math.ceil(spacing / scale));
  const even: number[] = [];
  for (let i = 0; i < count; i += step)
    if (chosen === null || i === chosen || Math.abs(i - chosen) * scale >= spacing) even.push(i);
  if (chosen !== null && chosen % step !== 0) even.push(chosen);
  return even;
}

export function drawAxisWords(
  pen: Pen,
  panel: Named,
  box: Box,
  selected: { row: number; column: number | null } | null,
): void {
  const { axes, rowWords, columnWords, rows, columns } = panel;
  if (!axes) return;
  const { top } = marginsOf(panel);
  pen.text(box.x - 6, box.y - top + 6, `${axes.rows} ↓`, '--ink-2', { size: 10, align: 'right' });
  const [wide, high] = [box.width / columns, box.height / rows];
  if (axes.columns !== undefined) pen.text(box.x, box.y - top + 6, `${axes.columns} →`, '--ink-2', { size: 10 });
  const numbered = axes.columns === undefined ? 0 : columns;
  for (const column of written(
    numbered,
    wide,
    columnWords ? SIZE + 1 : 26,
    numbered > 0 ? (selected?.column ?? null) : null,
  )) {
    const x = box.x + (column + 0.5) * wide;
    const style = { size: SIZE, bold: column === selected?.column };
    const word = columnWords?.[column];
    if (word === undefined) pen.text(x, box.y - 8, String(column), '--ink-2', { ...style, align: 'center' });
    else drawTurnedWord(pen, x, box.y, word, style.bold);
  }
  for (const row of written(rows, high, rowWords ? SMALLEST : 18, selected?.row ?? null)) {
    const y = box.y + (row + 0.5) * high;
    const style = {
      size: Math.min(Math.max(high, SMALLEST), SIZE),
      align: 'right',
      bold: row === selected?.row,
    } as const;
    const word = rowWords?.[row];
    pen.text(
      box.x - 6,
      y,
      word === undefined ? String(row) : shortened(word, LONGEST_WORD),
      word ? '--ink' : '--ink-2',
      style,
    );
  }
}
