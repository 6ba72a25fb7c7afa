// What the values of a tensor are like: their least, greatest and mean, how many are no numbers, and how they spread. In slices: a
// million elements must not hold up the page.

import type { Sliced } from '#gpu/core/sliced.ts';
import { NEVER } from '#gpu/trace/held.ts';

export interface Bin {
  /** [from, to); the last one includes its end. */
  from: number;
  to: number;
  count: number;
}

export interface Statistics {
  /** Elements that have a value. */
  known: number;
  elements: number;
  /** Of the finite ones; NaN where there are none. */
  min: number;
  max: number;
  mean: number;
  finite: number;
  nan: number;
  /** +∞ and −∞. */
  above: number;
  below: number;
  /** Of equal width over the finite ones; a bin a number where they are few whole numbers. */
  histogram: Bin[];
}

const BINS = 32;
/** Elements between two pauses. */
const SLICE = 16_384;

/** @param step of recorded values: an element that has neither a step nor a number has no value */
export function* statisticsOf(values: ArrayLike<number>, step: Uint32Array | null = null): Sliced<Statistics> {
  let [finite, nan, above, below, absent, sum] = [0, 0, 0, 0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let isWhole = true;
  for (let i = 0; i < values.length; i++) {
    if (i % SLICE === 0) yield;
    const value = values[i]!;
    if (Number.isFinite(value)) {
      finite++;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
      isWhole &&= Number.isInteger(value);
    } else if (Number.isNaN(value)) {
      if (step?.[i] === NEVER) absent++;
      else nan++;
    } else if (value > 0) above++;
    else below++;
  }
  const histogram = finite === 0 ? [] : emptyBins(min, max, isWhole);
  const [first, last] = [histogram[0]?.from ?? 0, histogram.at(-1)?.to ?? 0];
  const width = (last - first) / histogram.length;
  for (let i = 0; i < values.length && finite > 0; i++) {
    if (i % SLICE === 0) yield;
    const value = values[i]!;
    if (Number.isFinite(value)) histogram[binOf(value, first, width, histogram.length)]!.count++;
  }
  return {
    known: values.length - absent,
    elements: values.length,
    ...(finite > 0 ? { min, max, mean: sum / finite } : { min: Number.NaN, max: Number.NaN, mean: Number.NaN }),
    finite,
    nan,
    above,
    below,
    histogram,
  };
}

function emptyBins(min: number, max: number, isWhole: boolean): Bin[] {
  if (isWhole && max - min < BINS)
    return Array.from({ length: max - min + 1 }, (_, i) => ({ from: min + i - 0.5, to: min + i + 0.5, count: 0 }));
  if (min === max) return [{ from: min, to: max, count: 0 }];
  const at = (i: number) => (i === BINS ? max : min + ((max - min) * i) / BINS);
  return Array.from({ length: BINS }, (_, i) => ({ from: at(i), to: at(i + 1), count: 0 }));
}

function binOf(value: number, first: number, width: number, bins: number): number {
  return width > 0 ? Math.min(Math.max(Math.floor((value - first) / width), 0), bins - 1) : 0;
}

/** The bin that a value is in; −1 for one that is in none. */
export function binAt({ histogram }: Statistics, value: number | null): number {
  if (value === null || histogram.length === 0 || !Number.isFinite(value)) return -1;
  const [first, last] = [histogram[0]!.from, histogram.at(-1)!.to];
  if (value < first || value > last) return -1;
  return binOf(value, first, (last - first) / histogram.length, histogram.length);
}
