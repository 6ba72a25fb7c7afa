// Rows of the study → what is drawn of them: a line per mechanism, in two panels over the same lengths. No formula is worked out here.

import { coordinateOf, type Place } from '../exhibit/place.ts';
import type { StudyRow } from '../exhibit/study.ts';
import type { PlotRow, PlotScene } from '../pictures/plot/line-plot.ts';
import { bytesText, exactText } from '../words/quantities.ts';

/** What is kept for the next token after `length` tokens, and what one recorded decode step moved. All bytes. */
interface GrowthPoint {
  length: number;
  kept: number;
  closedForm: number;
  /** Read by the step, and the part of it that was kept. */
  read: number;
  readOfKept: number;
}

/** A mechanism that generates token by token, at every length. */
export interface GrowthSeries {
  mechanism: string;
  title: string;
  /** 'state', 'KV cache'. */
  keeps: string;
  /** Its sizes other than the length, in a few words. */
  sizes: string;
  /** In the order of length. */
  points: GrowthPoint[];
}

export interface Growth {
  /** Channels of a token, the same for all. */
  width: number;
  /** Tokens of the recording itself. */
  length: number;
  /** That of the mechanism on screen first. */
  series: GrowthSeries[];
}

export type GrowthLook = Pick<PlotRow, 'ink' | 'pattern'>;

/** For those that stand beside the mechanism on screen. */
const BESIDE: GrowthLook[] = [
  { ink: '--tone-key', pattern: 'hatch' },
  { ink: '--tone-content', pattern: 'dots' },
  { ink: '--tone-weight', pattern: 'cross' },
];

/** 'KV' of 'KV cache', 's' of 'state'. */
const letterOf = (keeps: string) => /^[A-Z]+(?= )/.exec(keeps)?.[0] ?? keeps.slice(0, 1);

type GrowthStudyRow = GrowthPoint & Omit<GrowthSeries, 'points'> & { width: number; own: number };

/** As far as the study has come; null before its first row. */
export function growthOf(rows: readonly StudyRow[]): Growth | null {
  const all = rows as unknown as readonly GrowthStudyRow[];
  const [first] = all;
  if (!first) return null;
  const series = new Map<string, GrowthSeries>();
  for (const row of all) {
    const known = series.get(row.mechanism) ?? { ...row, points: [] };
    known.points.push(row);
    series.set(row.mechanism, known);
  }
  return { width: first.width, length: first.own, series: [...series.values()] };
}

/** The length that is selected, else the longest. */
function selectedIndex(lengths: readonly number[], selection: Place | null): number {
  const at = lengths.indexOf(coordinateOf(selection, 'length') ?? -1);
  return at < 0 ? lengths.length - 1 : at;
}

/** @param own look of the mechanism on screen */
export function growthScene({ series, length }: Growth, selection: Place | null, own: GrowthLook): PlotScene {
  const lengths = series[0]!.points.map((point) => point.length);
  const rows = (pick: (of: GrowthSeries) => Pick<PlotRow, 'values' | 'form'>) =>
    series.map((each, i): PlotRow => {
      const look = i === 0 ? own : BESIDE[(i - 1) % BESIDE.length]!;
      return { ...look, ...pick(each), letter: letterOf(each.keeps), name: `${each.keeps}, ${each.title}` };
    });
  return {
    places: lengths,
    own: lengths.indexOf(length),
    selected: selectedIndex(lengths, selection),
    panels: [
      {
        title: 'Kept for the next token',
        source: 'points: exact, buffers of Sessions; dashed: closed form',
        rows: rows(({ points }) => ({
          values: points.map(({ kept }) => kept),
          form: points.map(({ closedForm }) => closedForm),
        })),
      },
      {
        title: 'Read to make it',
        source: 'exact: all that one recorded decode step read',
        rows: rows(({ points }) => ({ values: points.map(({ read }) => read), form: null })),
      },
    ],
  };
}

function timesText(ratio: number): string {
  const rounded = ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2));
  return `${exactText(rounded)} times`;
}

function grewText({ keeps, points }: GrowthSeries): string {
  const [first, last] = [points[0]!.kept, points.at(-1)!.kept];
  return first === last ? `the ${keeps} did not grow` : `the ${keeps} grew ${timesText(last / first)}`;
}

/** What the numbers say, at the selected length. */
export function growthWords({ series }: Growth, selection: Place | null): string {
  const [own, ...others] = series as [GrowthSeries, ...GrowthSeries[]];
  const lengths = own.points.map(({ length }) => length);
  const at = selectedIndex(lengths, selection);
  const mine = own.points[at]!;
  const tokens = `${exactText(mine.length)} ${mine.length === 1 ? 'token' : 'tokens'}`;
  const compared = others.map(({ keeps, points }) => {
    const { kept } = points[at]!;
    const size = kept >= mine.kept ? timesText(kept / mine.kept) : 'less than';
    return `the ${keeps} holds ${bytesText(kept)}, ${size} the ${bytesText(mine.kept)} of ${own.keeps}`;
  });
  const alone = `${bytesText(mine.kept)} of ${own.keeps} are kept`;
  const span = `from ${exactText(lengths[0]!)} to ${exactText(lengths.at(-1)!)} tokens`;
  const grew = [...others, own].map(grewText).join(', ');
  const read = series.map(({ keeps, points }) => `${bytesText(points[at]!.readOfKept)} of ${keeps}`).join(', ');
  return `After ${tokens} ${compared.join('; ') || alone}; ${span} ${grew}. One token more read ${read}.`;
}
