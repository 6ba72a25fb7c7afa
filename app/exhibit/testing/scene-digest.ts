// Test code: what a picture of strips or a tree shows over a whole run, in a few numbers that do not depend on the order in which this
// adapter happened to run the workgroups. Made from the pictures as they were before exhibits were described, and compared with today's.

import type { Trace } from '#gpu/trace/trace.ts';

interface DigestedStrip {
  letter: string;
  title: string;
  note: string;
  rows: number;
  values: Float32Array;
  crossed?: string;
  most: number;
  signed: boolean;
}

export interface DigestedScene {
  columns: number;
  strips: readonly DigestedStrip[];
  borders: readonly number[];
  unit?: string;
  links?: readonly { strip: number; from: number; to: number; broken: boolean }[];
  stream?: {
    labels: readonly string[];
    marked: ReadonlySet<number>;
    answers: readonly { column: number; text: string; right: boolean }[];
    questions: number;
  };
}

export interface Digest {
  /** What is written, in short. */
  said: string;
  /** Per strip: values that are numbers, that are none, their sum, the sum of each times its index, the scale's end, and when they came. */
  strips: number[][];
  /** Per strip, the sum of its values, each with its sign and with a weight of its place. */
  signed: number[];
}

const GOLDEN_SECTION = 0.6180339887498949;

/** More steps than this are looked at in the end only. */
const MOST_STEPS = 2500;

/** FNV-1a. */
export function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** Step → its place among all steps when those of a dispatch go workgroup by workgroup. */
function orderOf({ steps }: Trace): number[] {
  const keys = steps.map(({ dispatch, workgroup, phase }, step) => ({ step, key: [dispatch, workgroup, phase] }));
  keys.sort((a, b) => a.key[0]! - b.key[0]! || a.key[1]! - b.key[1]! || a.key[2]! - b.key[2]!);
  const order: number[] = [];
  keys.forEach(({ step }, i) => {
    order[step] = i;
  });
  return order;
}

const short = (value: number) => Number(value.toPrecision(5));

const answersOf = ({ answers }: NonNullable<DigestedScene['stream']>) =>
  answers.map(({ column, text, right }) => [column, text, right]);

/**
 * @param sceneAt the picture after so many steps
 * @param whenToo whether to look at every step
 */
export function digestOf(trace: Trace, sceneAt: (tick: number) => DigestedScene, whenToo = true): Digest {
  const end = trace.steps.length;
  const { columns, strips, borders, unit, links, stream } = sceneAt(end);
  const told = strips.map(({ letter, title, note, rows, crossed, signed }) => [
    letter,
    title,
    note,
    rows,
    crossed ?? '',
    signed,
  ]);
  const said = JSON.stringify([
    columns,
    told,
    borders,
    unit ?? '',
    links ?? [],
    ...(stream ? [stream.labels, [...stream.marked], answersOf(stream), stream.questions] : []),
  ]);
  const came = whenToo && end <= MOST_STEPS ? whenOf(trace, sceneAt) : null;
  return {
    said: hashOf(said),
    signed: strips.map(({ values }) => {
      let sum = 0;
      values.forEach((value, at) => {
        if (Number.isFinite(value)) sum += value * ((at * GOLDEN_SECTION) % 1);
      });
      return sum;
    }),
    strips: strips.map(({ values, most }, i) => {
      let [finite, sum, moment] = [0, 0, 0];
      values.forEach((value, at) => {
        if (!Number.isFinite(value)) return;
        finite++;
        sum += Math.abs(value);
        moment += Math.abs(value) * at;
      });
      const infinite = values.filter((value) => value === Number.POSITIVE_INFINITY).length;
      return [finite, infinite, short(sum), short(moment), short(most), ...(came ? [came[i]!] : [])];
    }),
  };
}

/**
 * Per strip, the sum over its values of the place of the step after which each was there first; −1 a value where it was from the start, and
 * −2 where they were all read back after the last step, which is another workgroup's each time.
 */
function whenOf(trace: Trace, sceneAt: (tick: number) => DigestedScene): number[] {
  const order = orderOf(trace);
  const seen: Set<number>[] = [];
  const sums: number[] = [];
  const first: number[] = [];
  for (let tick = 0; tick <= order.length; tick++) {
    sceneAt(tick).strips.forEach(({ values }, i) => {
      seen[i] ??= new Set();
      sums[i] ??= 0;
      values.forEach((value, at) => {
        if (Number.isNaN(value) || seen[i]!.has(at)) return;
        seen[i]!.add(at);
        first[i] ??= tick;
        sums[i] = sums[i]! + (tick === 0 ? -1 : order[tick - 1]!);
      });
    });
  }
  const { strips } = sceneAt(order.length);
  return sums.map((sum, i) => (strips[i]!.note === 'read back' && first[i] === order.length ? -2 : sum));
}
