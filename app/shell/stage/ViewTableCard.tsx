// The same content as the picture, as a table.

import { useEffect, useRef } from 'react';
import type { ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { exactText } from '../../words/quantities.ts';

const MOST_ROWS = 400;
/** Sums of bytes are whole numbers far below this; means are not. */
const MOST_DIGITS = 12;

export interface ViewTableCardProps {
  view: ViewSpec;
  input: ViewState;
}

export function ViewTableCard({ view, input }: ViewTableCardProps) {
  const table = view.table(input);
  const { caption, columns, rows, current, at = current, omitted = 0 } = table;
  const numeric = columns.map((_, column) => isNumeric(table, column));
  // A long table is shown around the current row.
  const first = Math.max(0, Math.min((at ?? 0) - MOST_ROWS / 2, rows.length - MOST_ROWS));
  const left = omitted + Math.max(0, rows.length - MOST_ROWS);
  const box = useRef<HTMLElement>(null);
  const marked = useRef<HTMLTableRowElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is the current one
  useEffect(() => {
    if (box.current && marked.current) showRow(box.current, marked.current);
  }, [at]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard
    <section ref={box} className="table-scroll" tabIndex={0} aria-label={`${view.title}, as a table`}>
      <table className="data">
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map(({ id, title, unit }, column) => (
              <th key={id} scope="col" className={numeric[column] ? 'numeric' : undefined}>
                {title}
                {unit && <span className="quiet"> {unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(first, first + MOST_ROWS).map((row, i) => {
            const index = first + i;
            return (
              <tr
                key={index}
                ref={index === at ? marked : undefined}
                aria-current={index === at ? 'step' : undefined}
                className={current !== undefined && index > current ? 'ahead' : undefined}
              >
                {row.map((value, column) => (
                  <td key={columns[column]?.id} className={numeric[column] ? 'numeric' : undefined}>
                    {typeof value === 'number' ? exactText(Number(value.toPrecision(MOST_DIGITS))) : value}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {left > 0 && <p className="quiet small">{left} more rows are in the CSV export.</p>}
    </section>
  );
}

/** Scrolls the table, and not the page around it, as far as needed. */
function showRow(box: HTMLElement, row: HTMLElement): void {
  const top = row.offsetTop - 2 * row.offsetHeight;
  const bottom = row.offsetTop + 2 * row.offsetHeight - box.clientHeight;
  if (box.scrollTop > top) box.scrollTop = top;
  else if (box.scrollTop < bottom) box.scrollTop = bottom;
}

function isNumeric({ columns, rows }: ViewTable, column: number): boolean {
  return columns[column]!.numeric ?? (rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
}
