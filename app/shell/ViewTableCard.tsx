// The same content as the picture, as a table.

import type { ViewSpec, ViewState } from '../mechanisms/view.ts';

const MOST_ROWS = 400;

export interface ViewTableCardProps {
  view: ViewSpec;
  input: ViewState;
}

export function ViewTableCard({ view, input }: ViewTableCardProps) {
  const { columns, rows, omitted = 0 } = view.table(input);
  const left = omitted + Math.max(0, rows.length - MOST_ROWS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label={`${view.title}, as a table`}>
      <table className="data">
        <thead>
          <tr>
            {columns.map(({ id, title, unit }) => (
              <th key={id} scope="col">
                {title}
                {unit && <span className="quiet"> {unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a snapshot have no identity of their own
            <tr key={index}>
              {row.map((value, column) => (
                <td key={columns[column]?.id} className={typeof value === 'number' ? 'numeric' : undefined}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p className="quiet small">{left} more rows are in the CSV export.</p>}
    </section>
  );
}
