import { describe, expect, test } from 'vitest';
import { NotingPen, overlaps } from '../../pens/testing/noting-pen.ts';
import {
  drawMemoryBase,
  drawMemoryLive,
  flowPath,
  layoutMemory,
  type MemoryScene,
  shortBytes,
} from './memory-hierarchy.ts';
import { type MemoryBar, sharedRows } from './memory-rows.ts';

const bar = (buffer: number, letter: string, read: number, written: number, row = buffer): MemoryBar => ({
  row,
  buffer,
  name: `${letter}${buffer}`,
  letter,
  ink: '--tone-key',
  pattern: null,
  title: letter,
  sizeBytes: 4,
  readBytes: read,
  writtenBytes: written,
  readInAll: read,
  writtenInAll: written,
});

const hbm = [
  bar(0, 'Q', 123_456, 0),
  bar(1, 'K', 98_765_432, 0),
  bar(2, 'V', 7_654_321, 0),
  bar(3, 'O', 0, 224),
  bar(4, 'L', 0, 8),
];
const sram = ['Q', 'K', 'V', 'S', 'P', 'm', 'm', 'N'].map((letter, i) => bar(5 + i, letter, 201_000, 14_300, i));
const rowsOf = (bars: MemoryBar[]) => sharedRows(bars, [bars], (rows) => rows).rows;

const scene: MemoryScene = {
  tick: 3,
  steps: 9,
  hbm,
  sram,
  rows: { hbm: rowsOf(hbm), sram: rowsOf(sram) },
  declaredBytes: 6932,
  longest: { hbm: 98_765_432, sram: 201_000 },
  registers: { row: 47, recorded: true, m: -2.934, l: 0.07622, rescale: null },
  selected: null,
};

/** Widths of: half a stage at 1440, a phone, the stages at 1280 and 1440, presentation; heights of the second view and of the first. */
const sizes = [345, 358, 428, 600, 632, 716, 1200].flatMap((width) =>
  [150, 170, 310, 500].map((height) => [width, height] as const),
);

describe('the memory picture', () => {
  test.each(sizes)('at %i × %i has every figure, and no two texts touch', (width, height) => {
    const pen = new NotingPen(width, height);
    drawMemoryBase(pen, scene);
    drawMemoryLive(pen, scene);
    const figures = pen.texts.map(({ text }) => text).join(' ');
    expect(figures.match(/→/g)).toHaveLength(3 + 8);
    expect(figures.match(/[←⇥]/g)).toHaveLength(2 + 8);
    for (const digits of ['98.8', '7.65', '224', '−2.934', '0.07622']) expect(figures).toContain(digits);
    for (const { text, style } of pen.texts.filter((each) => /[→←⇥]/.test(each.text))) {
      expect(text).toMatch(/^([→←⇥] ?[\d.]+ [kKMG]?B ?){1,2}$/);
      expect(style.size, text).toBeGreaterThan(6.9);
    }
    expect(figures).not.toContain('NaN');
    expect(overlaps(pen.texts)).toEqual([]);
    for (const { text, left, right, bottom } of pen.texts) {
      expect(left, text).toBeGreaterThanOrEqual(0);
      expect(right, text).toBeLessThanOrEqual(width);
      expect(bottom, text).toBeLessThanOrEqual(height);
    }
  });

  test('where figures would be hard to read they lose a digit, and keep their unit', () => {
    expect([0, 56, 8192, 9960, 10_800, 99_900, 393_216, 1_490_000].map(shortBytes)).toEqual([
      '0 B',
      '56 B',
      '8.2 KB',
      '10 KB',
      '11 KB',
      '100 KB',
      '393 KB',
      '1.5 MB',
    ]);
    const pen = new NotingPen(300, 200);
    drawMemoryLive(pen, scene);
    const figures = pen.texts.filter(({ text }) => /[→←⇥]/.test(text));
    expect(figures.map(({ text }) => text)).toContain('→201 KB ⇥14 KB');
    expect(Math.min(...figures.map(({ style }) => style.size ?? 0))).toBeGreaterThan(8.5);
    expect(overlaps(pen.texts)).toEqual([]);
  });

  test('titles and figures stay inside their box', () => {
    for (const [width, height] of sizes) {
      const pen = new NotingPen(width, height);
      drawMemoryBase(pen, scene);
      drawMemoryLive(pen, scene);
      const boxes = Object.values(layoutMemory(scene, width, height).boxes);
      for (const { text, left, right } of pen.texts)
        expect(
          boxes.some((box) => left >= box.x && right <= box.x + box.width),
          `${text} at ${width} × ${height}`,
        ).toBe(true);
    }
  });

  test('bars of two pictures side by side have one scale', () => {
    const longestRect = (shown: MemoryScene) => {
      const pen = new NotingPen(716, 310);
      drawMemoryLive(pen, shown);
      return Math.max(...pen.rects.filter(({ fill }) => fill === '--tone-key').map(({ width }) => width));
    };
    const one = [bar(0, 'K', 1000, 0)];
    const only = { ...scene, sram: [], hbm: one, rows: { hbm: rowsOf(one), sram: [] } };
    const alone = longestRect({ ...only, longest: { hbm: 1000, sram: 1 } });
    expect(longestRect({ ...only, longest: { hbm: 4000, sram: 1 } })).toBeCloseTo(alone / 4);
  });

  test('one tensor has one row in pictures side by side; where a run has none of it there is a dash', () => {
    const [mine, others] = [
      [bar(0, 'Q', 8, 0), bar(1, 'O', 0, 8)],
      [bar(3, 'Q', 8, 0), bar(4, 'S', 64, 64), bar(5, 'O', 0, 8)],
    ];
    const inOrder = <T extends { letter: string }>(rows: T[]) =>
      [...rows].sort((a, b) => 'QSO'.indexOf(a.letter) - 'QSO'.indexOf(b.letter));
    const [first, second] = [mine, others].map((own) => sharedRows(own, [mine, others], inOrder));
    expect(first!.rows).toEqual(second!.rows);
    expect(first!.rows.map(({ letter, bothWays }) => `${letter} ${bothWays}`)).toEqual([
      'Q false',
      'S true',
      'O false',
    ]);
    expect([first, second].map((side) => side!.bars.map(({ row }) => row))).toEqual([
      [0, 2],
      [0, 1, 2],
    ]);
    expect([first, second].map((side) => side!.longest)).toEqual([64, 64]);
    const pen = new NotingPen(345, 310);
    drawMemoryLive(pen, { ...scene, hbm: first!.bars, rows: { ...scene.rows, hbm: first!.rows } });
    const [letter, dash] = ['S', '–'].map((sign) => pen.texts.find(({ text }) => text === sign)!);
    expect(dash!.top).toBeGreaterThan(pen.texts.find(({ text }) => text === 'Q')!.top);
    expect(dash!.top).toBe(letter!.top);
    expect(overlaps(pen.texts)).toEqual([]);
  });

  test.each(sizes)('at %i × %i says that no statistics are recorded, in place of empty ones', (width, height) => {
    const pen = new NotingPen(width, height);
    const bare: MemoryScene = { ...scene, registers: { row: 47, recorded: false, m: null, l: null, rescale: null } };
    drawMemoryBase(pen, bare);
    drawMemoryLive(pen, bare);
    const texts = pen.texts.map(({ text }) => text);
    expect(texts.filter((text) => text.includes('not recorded'))).toHaveLength(1);
    expect(texts).not.toContain('–');
    expect(overlaps(pen.texts)).toEqual([]);
  });

  test.each([
    [345, 310],
    [716, 310],
  ])('bytes between HBM and the registers go around SRAM (%i × %i)', (width, height) => {
    const layout = layoutMemory(scene, width, height);
    const { sram } = layout.boxes;
    const flow = { buffer: 3, from: 'registers', to: 'hbm', bytes: 8 } as const;
    const path = flowPath(scene, layout, flow);
    expect(path.at(-2)).toBe(layout.boxes.hbm.x + layout.boxes.hbm.width);
    for (let i = 0; i + 3 < path.length; i += 2) {
      for (let part = 0; part <= 1; part += 1 / 64) {
        const x = path[i]! + (path[i + 2]! - path[i]!) * part;
        const y = path[i + 1]! + (path[i + 3]! - path[i + 1]!) * part;
        expect(x > sram.x && x < sram.x + sram.width && y > sram.y && y < sram.y + sram.height).toBe(false);
      }
    }
    expect(flowPath(scene, layout, { ...flow, from: 'hbm', to: 'registers' }).slice(0, 2)).toEqual(path.slice(-2));
  });
});
