import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from '#gpu/core/sliced.ts';
import { NEVER } from '#gpu/trace/held.ts';
import { NotingPen } from '../../pens/testing/noting-pen.ts';
import { drawHistogram, histogramWords } from './histogram-plot.ts';
import { binAt, statisticsOf } from './statistics.ts';

const of = (values: ArrayLike<number>, step?: Uint32Array) => finish(statisticsOf(values, step));

describe('the statistics of a tensor', () => {
  test('are those of its finite values, with what is no number counted apart', () => {
    const anyValue = fc.oneof(
      { arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }), weight: 5 },
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(anyValue), (list) => {
        const values = Float32Array.from(list);
        const finite = [...values].filter(Number.isFinite);
        const made = of(values);
        expect(made).toMatchObject({
          elements: list.length,
          known: list.length,
          finite: finite.length,
          nan: list.filter(Number.isNaN).length,
          above: list.filter((value) => value === Number.POSITIVE_INFINITY).length,
          below: list.filter((value) => value === Number.NEGATIVE_INFINITY).length,
        });
        expect(made.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(finite.length);
        if (finite.length === 0) return;
        // −0 and 0 are equal, and either may come first.
        expect([made.min + 0, made.max + 0]).toEqual([Math.min(...finite) + 0, Math.max(...finite) + 0]);
        expect(made.mean).toBe(finite.reduce((sum, value) => sum + value, 0) / finite.length);
        for (const value of finite) {
          const { from, to, count } = made.histogram[binAt(made, value)]!;
          // The ends of a bin are rounded; a value at one may stand in the next.
          const slack = (made.max - made.min) * 1e-12;
          expect(count).toBeGreaterThan(0);
          expect(value).toBeGreaterThanOrEqual(from - slack);
          expect(value).toBeLessThanOrEqual(to + slack);
        }
      }),
    );
  });

  test('a bin of the histogram has what is in it, also where that is skewed', () => {
    const { histogram } = of(Float32Array.from({ length: 97 }, (_, i) => Math.max(0, i - 64) / 2));
    expect(histogram[0]).toEqual({ from: 0, to: 0.5, count: 65 });
    // 15.5 and 16: the last bin has its end.
    expect(histogram.slice(1).map(({ count }) => count)).toEqual([...new Array(30).fill(1), 2]);
  });

  test('whole numbers have a bin each while they are few, and one value has one', () => {
    expect(of(Int32Array.of(-1, 3, 3, 0)).histogram.map(({ count }) => count)).toEqual([1, 1, 0, 0, 2]);
    expect(of(Float32Array.of(0.25, 0.25)).histogram).toEqual([{ from: 0.25, to: 0.25, count: 2 }]);
    expect(of(new Float32Array(0)).histogram).toEqual([]);
  });

  test('a recorded NaN is one, and a place that nothing was recorded in is none', () => {
    const values = Float32Array.of(Number.NaN, Number.NaN, 2);
    expect(of(values, Uint32Array.of(NEVER, 4, 5))).toMatchObject({ elements: 3, known: 2, nan: 1, finite: 1 });
  });

  test('of a million values give way to the page at least every 16,384 of them', () => {
    const values = new Float32Array(2 ** 20).map((_, i) => Math.sin(i));
    const work = statisticsOf(values);
    let pauses = 0;
    while (!work.next().done) pauses++;
    expect(pauses).toBeGreaterThanOrEqual((2 * values.length) / 16_384);
  });
});

describe('the histogram', () => {
  const texts = (values: ArrayLike<number>, picked: number | null) => {
    const pen = new NotingPen(300, 120);
    drawHistogram(pen, of(values), picked);
    return pen.texts.map(({ text }) => text);
  };

  test('names its ends, zero between them, and the picked value', () => {
    const values = Float32Array.from({ length: 101 }, (_, i) => (i - 50.5) / 100);
    expect(texts(values, values[3]!)).toEqual(['−0.4750', '−0.5050', '0.4950', '0']);
    expect(texts(values, null)).toEqual(['−0.5050', '0.4950', '0']);
    expect(texts(values, Number.NaN)).toEqual(['−0.5050', '0.4950', '0']);
  });

  test('says where there is nothing finite to draw', () => {
    expect(texts(Float32Array.of(Number.NaN), Number.NaN)).toEqual(['no finite values']);
    expect(histogramWords('lse', of(Float32Array.of(Number.NEGATIVE_INFINITY)))).toBe('lse: no finite values.');
    expect(histogramWords('q', of(Float32Array.of(2.5, 2.5)))).toBe('Histogram of q: 2 finite values, all are 2.500.');
  });
});
