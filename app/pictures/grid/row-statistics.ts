// The running statistics of one row over its tiles: maximum m, sum ℓ and rescale factor, as recorded. Drawing only.

import type { Ink, Pen } from '../../pens/pen.ts';
import { mostOf } from '../../words/magnitude.ts';
import { valueText } from '../../words/quantities.ts';

export interface RowFold {
  /** Step index at which the fold was recorded. */
  step: number;
  /** First key of the tile. */
  k0: number;
  /** −∞ while the row has seen no key. */
  m: number;
  l: number;
  /** NaN where the kernel has nothing to rescale: it makes the row in one go. */
  rescale: number;
}

export interface RowStatisticsScene {
  row: number;
  /** Its token, when the input was text. */
  token?: string;
  folds: RowFold[];
  /** Why there are none. */
  unrecorded?: string;
  /** Folds done at the cursor. */
  done: number;
  /** What share of the row each key has at the cursor; NaN where none is known yet. */
  weights?: Float32Array;
}

const LABEL = 56;
/** Wider than this many times its height, the plots stand side by side. */
const SIDE_BY_SIDE = 4;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A plot per recorded quantity, a dot per fold; those to come are hollow. */
export function drawRowStatistics(pen: Pen, scene: RowStatisticsScene): void {
  const quantities: [string, Ink, (fold: RowFold) => number][] = [
    ['m', '--tone-inner', (fold) => fold.m],
    ['ℓ', '--tone-weight', (fold) => fold.l],
    ['rescale', '--tone-statistic', (fold) => fold.rescale],
  ];
  const series = quantities.filter(
    ([, , quantityOf]) => scene.folds.length === 0 || scene.folds.some((fold) => !Number.isNaN(quantityOf(fold))),
  );
  const plots = series.length + (scene.weights ? 1 : 0);
  const beside = pen.width > SIDE_BY_SIDE * pen.height;
  const width = beside ? (pen.width - 12 * (plots - 1)) / plots : pen.width;
  const height = beside ? pen.height : pen.height / plots;
  const boxOf = (i: number) => ({ x: beside ? i * (width + 12) : 0, y: beside ? 0 : i * height, width, height });
  series.forEach(([name, ink, quantityOf], i) => {
    drawSeries(pen, scene, boxOf(i), name, ink, quantityOf);
  });
  if (scene.weights) drawWeights(pen, scene.weights, boxOf(series.length));
}

/** A bar for each key, from 0 to 1. */
function drawWeights(pen: Pen, weights: Float32Array, { x: from, y: top, width, height }: Box): void {
  const most = mostOf(weights);
  pen.text(from, top + height / 2 - 7, 'weights', '--ink', { size: 12, bold: true });
  pen.text(from, top + height / 2 + 8, most > 0 ? `≤ ${valueText(most)}` : '–', '--ink', { size: 12, mono: true });
  const left = from + LABEL + 12;
  const room = width - LABEL - 20;
  const bottom = top + height - 2;
  pen.line([left, bottom, left + room, bottom], '--line', 1);
  const wide = room / weights.length;
  weights.forEach((value, key) => {
    if (!(value > 0)) return;
    const high = value * (height - 12);
    pen.rect(left + key * wide, bottom - high, Math.max(wide - (wide > 3 ? 1 : 0), 0.5), high, '--tone-weight');
  });
}

function drawSeries(
  pen: Pen,
  { folds, done }: RowStatisticsScene,
  { x: from, y: top, width, height }: Box,
  name: string,
  ink: Ink,
  quantityOf: (fold: RowFold) => number,
): void {
  const last = folds[done - 1];
  pen.text(from, top + height / 2 - 7, name, '--ink', { size: 12, bold: true });
  pen.text(from, top + height / 2 + 8, last ? valueText(quantityOf(last)) : '–', '--ink', { size: 12, mono: true });
  const values = folds.map(quantityOf).filter(Number.isFinite);
  if (values.length === 0) return;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const left = from + LABEL + 12;
  const right = from + width - 8;
  const x = (i: number) => (folds.length === 1 ? (left + right) / 2 : left + ((right - left) * i) / (folds.length - 1));
  const y = (value: number) => top + 8 + (height - 16) * (high === low ? 0.5 : 1 - (value - low) / (high - low));
  pen.line([left, top + height - 2, right, top + height - 2], '--line', 1);
  const points: number[] = [];
  for (let i = 0; i < done; i++) {
    const value = quantityOf(folds[i]!);
    if (Number.isFinite(value)) points.push(x(i), y(value));
  }
  if (points.length > 2) pen.line(points, ink, 1.5);
  const radius = folds.length > 60 ? 1.5 : 3;
  folds.forEach((fold, i) => {
    const value = quantityOf(fold);
    if (!Number.isFinite(value)) return;
    if (i < done) pen.disc(x(i), y(value), i === done - 1 ? radius + 1.5 : radius, ink);
    else pen.disc(x(i), y(value), radius, '--surface', ink);
  });
}
