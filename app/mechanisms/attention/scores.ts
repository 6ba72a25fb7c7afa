// (recording, tick, head) → scores and attention weights as far as the run has made them, from recorded values alone: s and p of every element,
// m and ℓ of every row after every fold. Where a kernel normalises its rows itself, the weights are what it wrote.

import { NEG } from '#gpu/mechanisms/attention/tiles.ts';
import { held, NEVER, type Where } from '#gpu/trace/held.ts';
import type { Known } from '../../exhibit/known.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { hasScores, headOf } from './score-place.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';
import { hiddenElements, sequenceExtent, sequenceMask } from './visibility.ts';

/** Of one head; row-major [rows, keys]. */
export interface HeadScores {
  rows: number;
  keys: number;
  /** NaN where the run has not come yet; −∞ where the kernel found the key hidden from the row. */
  scores: Float32Array;
  /** exp(s − m) / ℓ with the row's m and ℓ of this step; NaN where no fold has taken the element in yet. */
  weights: Float32Array;
  /** Per row, after its latest fold: NaN before the first, m −∞ while it has seen no key. */
  m: Float32Array;
  l: Float32Array;
  /** Elements that have a score, and those that have a weight. */
  scored: number;
  weighed: number;
}

/** What no tick changes, for one head. */
interface Elements {
  score: { values: Float32Array; step: Uint32Array };
  /** exp(s − m), each with the m of its own step, as it was on chip; absent where the kernel records finished weights. */
  onChip: { values: Float32Array; step: Uint32Array } | null;
  weight: { values: Float32Array; step: Uint32Array } | null;
  /** Fold (index into the tile index) that took the element in; NEVER where none did. */
  fold: Uint32Array;
  /** Range of every row's folds. */
  folds: [number, number][];
}

const known = new WeakMap<Recording['trace'], Map<string, Elements | null>>();

function elementsOf(recording: Recording, batch: number, head: number): Elements | null {
  const ofTrace = known.get(recording.trace) ?? new Map<string, Elements | null>();
  known.set(recording.trace, ofTrace);
  const key = `${batch} ${head}`;
  if (!ofTrace.has(key)) ofTrace.set(key, hasScores(recording) ? readElements(recording, batch, head) : null);
  return ofTrace.get(key)!;
}

function readElements(recording: Recording, batch: number, head: number): Elements {
  const { rows, keys } = sequenceExtent(recording.config, batch);
  const of = (name: string) => held(recording.trace, name, { row: rows, key: keys }, { batch, head });
  const weight = of('weight');
  const { folds } = tileIndexOf(recording);
  const ranges = Array.from({ length: rows }, (_, row) => foldsOfRow(folds, batch, head, row));
  const onChip = of('p');
  const fold = new Uint32Array(rows * keys).fill(NEVER);
  for (let row = 0; row < rows; row++) {
    const [from, to] = ranges[row]!;
    for (let at = row * keys; at < (row + 1) * keys; at++) {
      const step = onChip.step[at]!;
      if (step === NEVER) continue;
      // Folds of a row come one after the other: the first that is not earlier took the element in.
      let i = from;
      while (i < to && folds.step[i]! < step) i += 1;
      if (i < to) fold[at] = i;
    }
  }
  return {
    score: of('s'),
    onChip: onChip.count > 0 ? onChip : null,
    weight: weight.count > 0 ? weight : null,
    fold,
    folds: ranges,
  };
}

const latest = new WeakMap<Recording['trace'], { batch: number; head: number; tick: number; made: HeadScores }>();

/** Scores and weights of a head after `tick` steps; null where the run was recorded without them. One moment's panels, words and row share them. */
export function scoresAt(
  recording: Recording,
  { batch, head }: { batch: number; head: number },
  tick: number,
): HeadScores | null {
  const last = latest.get(recording.trace);
  if (last && last.batch === batch && last.head === head && last.tick === tick) return last.made;
  const elements = elementsOf(recording, batch, head);
  if (!elements) return null;
  const made = madeOf(recording, elements, { batch, head }, tick);
  latest.set(recording.trace, { batch, head, tick, made });
  return made;
}

function madeOf(
  recording: Recording,
  elements: Elements,
  { batch }: { batch: number; head: number },
  tick: number,
): HeadScores {
  const { rows, keys } = sequenceExtent(recording.config, batch);
  const { folds } = tileIndexOf(recording);
  const made: HeadScores = {
    rows,
    keys,
    scored: 0,
    weighed: 0,
    scores: new Float32Array(rows * keys).fill(Number.NaN),
    weights: new Float32Array(rows * keys).fill(Number.NaN),
    m: new Float32Array(rows).fill(Number.NaN),
    l: new Float32Array(rows).fill(Number.NaN),
  };
  const { score, weight, onChip } = elements;
  for (let at = 0; at < made.scores.length; at++) {
    if (score.step[at]! >= tick) continue;
    const value = score.values[at]!;
    made.scores[at] = value <= NEG ? Number.NEGATIVE_INFINITY : value;
    made.scored += 1;
  }
  for (let row = 0; row < rows; row++) {
    const [from, to] = elements.folds[row]!;
    let now = from;
    while (now < to && folds.step[now]! < tick) now += 1;
    // The row's m and ℓ of this step; every element that an earlier fold took in is brought to them.
    const [m, l] = now > from ? [folds.m[now - 1]!, folds.l[now - 1]!] : [Number.NaN, Number.NaN];
    made.m[row] = m <= NEG ? Number.NEGATIVE_INFINITY : m;
    made.l[row] = l;
    for (let at = row * keys; at < (row + 1) * keys; at++) {
      if (weight) {
        if (weight.step[at]! < tick) made.weights[at] = weight.values[at]!;
      } else if (onChip && elements.fold[at]! < now) {
        const p = onChip.values[at]!;
        made.weights[at] = p === 0 ? 0 : (p * Math.exp(folds.m[elements.fold[at]!]! - m)) / l;
      }
      if (!Number.isNaN(made.weights[at])) made.weighed += 1;
    }
  }
  return made;
}

/**
 * As a picture's source: the values of the end, from which colours are scaled, and those after any step. What the mask hides and no kernel
 * comes to is shut out from the start.
 */
export function knownScores(run: Recording, at: Where, of: 'scores' | 'weights'): Known {
  const hidden = hiddenElements(sequenceMask(run, headOf(at).batch));
  const after = (tick: number) => {
    const made = scoresAt(run, headOf(at), tick)?.[of] ?? new Float32Array(0);
    return made.map((value, i) => (hidden[i] === 1 && Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
  };
  return { values: after(run.trace.steps.length), after };
}
