// A view's table as comma-separated values (RFC 4180).

import type { ViewTable } from '../../exhibit/view.ts';

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One table, or several with equal columns under each other, each row led by the variant it is about. */
export function tablesToCsv(tables: readonly (readonly [variant: string, table: ViewTable])[]): string {
  const [, first] = tables[0]!;
  if (tables.length === 1) return tableToCsv(first);
  return tableToCsv({
    columns: [{ id: 'variant', title: 'Variant' }, ...first.columns],
    rows: tables.flatMap(([variant, { rows }]) => rows.map((row) => [variant, ...row])),
  });
}

function tableToCsv({ columns, rows }: ViewTable): string {
  const head = columns.map(({ title, unit }) => cell(unit ? `${title} (${unit})` : title));
  const lines = [head, ...rows.map((row) => row.map(cell))];
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}
