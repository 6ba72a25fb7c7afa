// What heat maps say: the selected cell in words, and all cells as a table.

import type { ViewTable } from '../../exhibit/view.ts';
import { exactText, valueText } from '../../words/quantities.ts';
import type { HeatScene } from './heat-map.ts';

const MOST_TABLE_ROWS = 2000;

interface Axes {
  rows: string;
  /** Absent where there is one number per row. */
  columns?: string;
}

interface SaidHeat extends HeatScene {
  /** Axes of every panel, and what their indices are called where that is not the axis's name. */
  specs: readonly Axes[];
  called: Readonly<Record<string, string>>;
}

export const overSameAxes = (a: Axes, b: Axes) => a.rows === b.rows && a.columns === b.columns;

/** A value, or why there is none. */
function cellText(value: number, out = 'hidden'): string {
  if (Number.isNaN(value)) return 'not known at this step';
  if (value === Number.NEGATIVE_INFINITY) return out;
  return Number.isFinite(value) ? valueText(value) : 'not a finite number';
}

const named = (index: number, words: readonly string[] | undefined) =>
  words?.[index] === undefined ? String(index) : `${index} “${words[index]}”`;

/**
 * The value of the selected cell, in every panel over the same axes.
 *
 * @param ofRow what is to be said of its row; '' for nothing
 */
export function statusOf({ panels, specs, selected, called }: SaidHeat, ofRow: string): string {
  if (!selected) return '';
  const { panel, row, column } = selected;
  const { rowWords, columnWords, columns } = panels[panel]!;
  const own = specs[panel]!;
  const inRow = `${called[own.rows] ?? own.rows} ${named(row, rowWords)}`;
  if (column === null) return ofRow && `${inRow}: ${ofRow}`;
  const values = panels.flatMap(({ letter, values: of, out }, i) =>
    overSameAxes(specs[i]!, own) ? [`${letter} ${cellText(of[row * columns + column]!, out)}`] : [],
  );
  const where =
    own.columns === undefined ? inRow : `${inRow}, ${called[own.columns] ?? own.columns} ${named(column, columnWords)}`;
  return `${where}: ${values.join(', ')}${ofRow && `; ${ofRow}`}`;
}

/**
 * A line per cell of the selected panel, the first where none is, or of its selected row alone where that is too much; a column per panel
 * over the same axes.
 */
export function tableOf({ panels, specs, selected, called }: SaidHeat): ViewTable {
  const own = specs[selected?.panel ?? 0];
  if (!own) return { columns: [], rows: [] };
  const alike = panels.filter((_, i) => overSameAxes(specs[i]!, own));
  const { rowWords, columnWords, rows, columns } = alike[0]!;
  const whole = rows * columns <= MOST_TABLE_ROWS;
  const only = whole ? null : (selected?.row ?? 0);
  const first = (only ?? 0) * columns;
  const lines = whole ? rows * columns : columns;
  const title = (axis: string) => called[axis] ?? axis;
  return {
    ...(only !== null && { caption: `${title(own.rows)} ${named(only, rowWords)} of ${exactText(rows)}` }),
    columns: [
      { id: 'row', title: title(own.rows) },
      ...(rowWords ? [{ id: 'row word', title: `Word of the ${title(own.rows)}` }] : []),
      ...(own.columns === undefined ? [] : [{ id: 'column', title: title(own.columns) }]),
      ...(columnWords ? [{ id: 'column word', title: `Word of the ${title(own.columns!)}` }] : []),
      ...alike.map(({ id, letter }) => ({ id, title: letter, numeric: true })),
    ],
    rows: Array.from({ length: lines }, (_, i) => {
      const [row, column] = [Math.floor((first + i) / columns), (first + i) % columns];
      return [
        row,
        ...(rowWords ? [rowWords[row] ?? ''] : []),
        ...(own.columns === undefined ? [] : [column]),
        ...(columnWords ? [columnWords[column] ?? ''] : []),
        ...alike.map(({ values, out }) => {
          const value = values[first + i]!;
          if (Number.isNaN(value)) return '';
          return Number.isFinite(value) ? value : cellText(value, out);
        }),
      ];
    }),
    ...(!whole && { omitted: rows * columns - lines }),
    ...(selected && selected.column !== null && { at: (whole ? selected.row * columns : 0) + selected.column }),
  };
}
