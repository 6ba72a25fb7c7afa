import { interpolateCividis } from 'd3-scale-chromatic';
import { expect, test } from 'vitest';
import { cividis } from './cividis.ts';

test('gives the colours of d3-scale-chromatic, also beyond the ends', () => {
  for (let i = -10; i <= 110; i++) {
    expect(cividis(i / 100).replaceAll(' ', ', ')).toBe(interpolateCividis(i / 100));
  }
});
