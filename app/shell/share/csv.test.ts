import { expect, test } from 'vitest';
import { tablesToCsv } from './csv.ts';

const table = (rows: (string | number)[][]) => ({
  columns: [
    { id: 'a', title: 'A', unit: 'B' },
    { id: 'b', title: 'b' },
  ],
  rows,
});

test('one table is a file of its own; two follow each other, each row led by its variant', () => {
  expect(tablesToCsv([['v', table([[1, 'x,"y"']])]])).toBe('A (B),b\r\n1,"x,""y"""\r\n');
  expect(
    tablesToCsv([
      ['v', table([[1, 2]])],
      ['w', table([[3, 4]])],
    ]),
  ).toBe('Variant,A (B),b\r\nv,1,2\r\nw,3,4\r\n');
});
