import { describe, expect, test } from 'vitest';
import { viewOf } from '../exhibit/picture-view.tsx';
import type { Recording } from '../exhibit/recording.ts';
import { NOT_STARTED, type StudyRow, type StudyState } from '../exhibit/study.ts';
import type { ViewState } from '../exhibit/view.ts';
import { SvgPen } from '../pens/svg-pen.ts';
import { NotingPen, overlaps } from '../pens/testing/noting-pen.ts';
import { drawPlot, hitPlot, layoutPlot } from '../pictures/plot/line-plot.ts';
import { type Growth, type GrowthLook, type GrowthSeries, growthOf, growthScene, growthWords } from './growth-lines.ts';
import { growth as growthPicture } from './growth-view.tsx';

const LOOK: GrowthLook = { ink: '--tone-inner', pattern: 'cross' };
const LENGTHS = [4, 16, 64, 256];

/** Made up on purpose: no formula of any mechanism gives these. */
function series(mechanism: string, keeps: string, kept: (length: number) => number): GrowthSeries {
  return {
    mechanism,
    keeps,
    title: mechanism,
    sizes: `sizes of ${mechanism}`,
    points: LENGTHS.map((length) => ({
      length,
      kept: kept(length),
      closedForm: kept(length) + 3,
      read: kept(length) + 1000,
      written: 7,
      readOfKept: kept(length) + 1,
    })),
  };
}

const madeUp = (kept: (length: number) => number, cached = (length: number) => 50 * length): Growth => ({
  width: 8,
  length: 16,
  series: [series('one', 'state', kept), series('two', 'KV cache', cached)],
});

const svgOf = (growth: Growth, width = 900, height = 400) => {
  const pen = new SvgPen(width, height, (ink) => ink);
  drawPlot(pen, growthScene(growth, null, LOOK));
  return pen.document('');
};

test.each([300, 358, 480, 640, 760, 1000])(
  'at %i pixels what is compared, and where it comes from, is whole, and no two texts touch',
  (width) => {
    const growth = madeUp(() => 400);
    const [own, other] = growth.series as [GrowthSeries, GrowthSeries];
    const named = {
      ...growth,
      series: [
        { ...own, title: 'Mamba block' },
        { ...other, title: 'FlashAttention-2, causal' },
      ],
    };
    const pen = new NotingPen(width, 460);
    const scene = growthScene(named, null, LOOK);
    drawPlot(pen, scene);
    const written = pen.texts.map(({ text }) => text).join(' ');
    for (const { title, source, rows } of scene.panels)
      for (const text of [title, source, ...rows.map(({ name }) => name)]) expect(written).toContain(text);
    for (const { text, left, right, bottom } of pen.texts) {
      expect(left, text).toBeGreaterThanOrEqual(0);
      expect(right, text).toBeLessThanOrEqual(width);
      expect(bottom, text).toBeLessThanOrEqual(460);
    }
    expect(overlaps(pen.texts)).toEqual([]);
  },
);

describe('the scene', () => {
  test('holds the bytes it was given, with their formula only where one came with them', () => {
    const scene = growthScene(
      madeUp(() => 400),
      { kind: 'at', at: { length: 64 } },
      LOOK,
    );
    expect(scene).toMatchObject({ places: LENGTHS, own: 1, selected: 2 });
    const [kept, read] = scene.panels;
    expect(kept!.rows.map(({ values }) => values)).toEqual([
      [400, 400, 400, 400],
      [200, 800, 3200, 12800],
    ]);
    expect(kept!.rows[0]!.form).toEqual([403, 403, 403, 403]);
    expect(read!.rows.map(({ values }) => values[0])).toEqual([1400, 1200]);
    expect(read!.rows.every(({ form }) => form === null)).toBe(true);
    expect(kept!.rows[0]).toMatchObject(LOOK);
    expect(kept!.rows[1]!.ink).not.toBe(LOOK.ink);
    expect(kept!.rows.map(({ letter }) => letter)).toEqual(['s', 'KV']);
  });

  test('a length that is not there, or another kind of selection, leaves the longest one selected', () => {
    const growth = madeUp(() => 400);
    for (const selection of [null, { kind: 'at', at: { length: 5 } }, { kind: 'buffer', buffer: 'k' }] as const) {
      expect(growthScene(growth, selection, LOOK).selected).toBe(3);
    }
  });

  test('a run whose own length was left out has no mark', () => {
    expect(growthScene({ ...madeUp(() => 400), length: 9 }, null, LOOK).own).toBe(-1);
  });
});

describe('the picture', () => {
  test('other bytes give another picture, and what grows is not drawn flat', () => {
    const flat = svgOf(madeUp(() => 400));
    const leaks = svgOf(madeUp((length) => 400 + length));
    expect(leaks).not.toBe(flat);
    expect(leaks).toContain('656 B');
    expect(flat).not.toContain('656 B');
    expect(svgOf({ ...madeUp(() => 400), length: 64 })).not.toBe(flat);
  });

  test('every length is found again where it is drawn, side by side and one above the other', () => {
    const scene = growthScene(
      madeUp(() => 400),
      null,
      LOOK,
    );
    for (const [width, height] of [
      [900, 400],
      [358, 420],
    ] as const) {
      for (const box of layoutPlot(scene, width, height)) {
        expect(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
        LENGTHS.forEach((_, i) => {
          const x = box.x + (i / 3) * box.width;
          expect(hitPlot(scene, width, height, x, box.y + 5)).toBe(i);
        });
      }
    }
    expect(hitPlot(scene, 900, 400, -50, 5)).toBeNull();
  });

  test('a run of no tokens before, with no bytes to keep, is still finite', () => {
    const growth = madeUp(() => 0);
    for (const each of growth.series) each.points.splice(1);
    expect(svgOf(growth)).not.toMatch(/NaN|Infinity/);
  });
});

describe('the words', () => {
  test('are built from the numbers, whichever is larger', () => {
    const growth = madeUp(() => 400);
    const words = growthWords(growth, { kind: 'at', at: { length: 256 } });
    expect(words).toBe(
      'After 256 tokens the KV cache holds 12.8 KB, 32 times the 400 B of state; from 4 to 256 tokens the KV cache grew 64 times, the state did not grow. One token more read 401 B of state, 12.8 KB of KV cache.',
    );
    expect(growthWords(growth, { kind: 'at', at: { length: 4 } })).toContain('200 B, less than the 400 B of state');
    expect(
      growthWords(
        madeUp((length) => length),
        null,
      ),
    ).toContain('the state grew 64 times');
  });

  test('a mechanism that stands alone is compared with nothing', () => {
    const growth = madeUp(() => 400);
    growth.series.splice(1);
    expect(growthWords(growth, null)).toMatch(/^After 256 tokens 400 B of state are kept; /);
  });
});

/** As the study gives them: every mechanism at a length, then the next length. */
const rowsOf = ({ width, length: own, series: all }: Growth): StudyRow[] =>
  LENGTHS.flatMap((_, i) => all.map(({ points, ...each }) => ({ ...each, ...points[i]!, width, own })));

const noop = () => {};
const recording = { id: 'live-1', mechanism: 'one' } as Recording;
const stateWith = (study: Partial<StudyState>): ViewState => ({
  recording,
  tick: 0,
  selection: null,
  others: [],
  study: { ...NOT_STARTED, start: noop, cancel: noop, ...study },
});
const names = {
  lookOf: () => ({ letter: '', colour: '--ink', pattern: 'solid', title: '' }) as const,
  steps: {},
  variants: {},
};
const view = viewOf(growthPicture({ look: LOOK, about: 'about', remark: '' }), names);

describe('the view', () => {
  test('without a result it says why, in words, as a table and as a picture', async () => {
    expect(view.summary(stateWith({}))).toMatch(/^Not measured yet/);
    expect(view.summary(stateWith({ kind: 'running' }))).toBe('Opening a Session of every length …');
    expect(view.summary(stateWith({ kind: 'failed', message: 'it has no next token' }))).toBe('it has no next token');
    expect(view.summary(stateWith({ kind: 'cancelled' }))).toMatch(/^Cancelled/);
    expect(view.table(stateWith({})).rows).toEqual([]);
    expect(await view.svg!(stateWith({}), { width: 200, height: 100 }, String)).toContain('measured when it is opened');
    expect(view.summary({ recording, tick: 0, selection: null, others: [] })).toMatch(/^Not measured yet/);
  });

  test('its table has a row per length and mechanism, every number under its own title', () => {
    const { rows, columns } = view.table(stateWith({ kind: 'done', rows: rowsOf(madeUp(() => 400)) }));
    expect(rows).toHaveLength(2 * LENGTHS.length);
    const titled = columns.map(({ title, unit }, i) => [unit ? `${title}, ${unit}` : title, rows[1]![i]]);
    expect(titled).toEqual([
      ['Tokens', 4],
      ['Mechanism', 'two'],
      ['Keeps', 'KV cache'],
      ['Kept, B', 200],
      ['Closed form, B', 203],
      ['Read of it by a step, B', 201],
      ['Read in all, B', 1200],
      ['Written, B', 7],
    ]);
  });

  test('rows that have come so far are drawn as what they are: every length with all of its mechanisms', () => {
    const growth = madeUp(() => 400);
    const rows = rowsOf(growth);
    expect(growthOf([])).toBeNull();
    expect(growthOf(rows)).toMatchObject(growth);
    const some = growthOf(rows.slice(0, 4))!;
    expect(some.series.map(({ points }) => points.map(({ length }) => length))).toEqual([
      [4, 16],
      [4, 16],
    ]);
    expect(view.summary(stateWith({ kind: 'running', rows: rows.slice(0, 4) }))).toMatch(/^After 16 tokens/);
  });
});
