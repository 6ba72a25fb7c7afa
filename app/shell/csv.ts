// A view's table as comma-separated values (RFC 4180).

import type { ViewTable } from '../mechanisms/view.ts';

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function tableToCsv({ columns, rows }: ViewTable): string {
  const head = columns.map(({ title, unit }) => cell(unit ? `${title} (${unit})` : title));
  const lines = [head, ...rows.map((row) => row.map(cell))];
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}
