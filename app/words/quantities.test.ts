import { expect, test } from 'vitest';
import { bytesText, compactCount, countText, limitText, plural, timeText, valueText } from './quantities.ts';

test('bytes have three significant digits and a unit of powers of 1000', () => {
  expect([0, 1, 999, 1000, 36_900, 999_499, 999_500, 1_050_000].map(bytesText)).toEqual([
    '0 B',
    '1 B',
    '999 B',
    '1.00 KB',
    '36.9 KB',
    '999 KB',
    '1.00 MB',
    '1.05 MB',
  ]);
});

test('on-chip memory is sized in powers of 1024', () => {
  expect([512, 1024, 16_384].map(limitText)).toEqual(['512 B', '1.02 KB (1,024 B)', '16.4 KB (16,384 B)']);
});

test('counts', () => {
  expect([7, 1500, 2_000_000].map(countText)).toEqual(['7', '1.50 k', '2.00 M']);
  expect([7, 1500, 2_000_000].map(compactCount)).toEqual(['7', '1.50k', '2.00M']);
  expect([plural(1, 'tile'), plural(2, 'tile'), plural(0, 'query', 'queries')]).toEqual([
    '1 tile',
    '2 tiles',
    '0 queries',
  ]);
});

test('times fall to microseconds and rise to seconds', () => {
  expect([0, 0.083, 1.237, 65.4, 1200].map(timeText)).toEqual(['0 ms', '83.0 µs', '1.24 ms', '65.4 ms', '1.20 s']);
  expect([1e-6, 0.00025, 9.994e-4, 9.996e-4].map(timeText)).toEqual(['1 ns', '250 ns', '999 ns', '1.00 µs']);
});

test('recorded values, also those that are not finite', () => {
  expect([0, -2.34567, 2.1e-7, 12_345_678, Number.NEGATIVE_INFINITY, Number.NaN].map(valueText)).toEqual([
    '0.000',
    '−2.346',
    '2.10e-7',
    '1.23e7',
    '−∞',
    'NaN',
  ]);
});

test('the page has one unit for bytes that are moved and bytes that there is room for', () => {
  const files = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  expect(Object.keys(files).length).toBeGreaterThan(200);
  const others = Object.entries(files).flatMap(([file, text]) => (/\b(KiB|MiB|kB)\b(?!')/.test(text) ? [file] : []));
  expect(others).toEqual([]);
});
