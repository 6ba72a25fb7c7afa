// Labels of axes at many sizes and lengths: none lies on another, and all are within the picture.

import { expect, test } from 'vitest';
import { recordWalk } from '../mechanisms/attention/testing/traced-walk.ts';
import { tilingScene } from '../mechanisms/attention/testing/views.ts';
import { cutOff, NotingPen, overlaps } from '../pens/testing/noting-pen.ts';
import { drawGridBase, drawGridLive } from './grid/tile-grid.ts';
import { drawHeatBase, type HeatPanel } from './heat/heat-map.ts';

const WORDS = 'Der Hund , der gestern bellte schläft heute tief und wundervollerweise ohne Unterbrechung'.split(' ');
const tokensOf = (count: number) => Array.from({ length: count }, (_, i) => `\u2581${WORDS[i % WORDS.length]}`);

/** Rows of a tile as sentences of so many tokens have them. */
const RUNS = [
  [5, 8, 4],
  [14, 16, 4],
  [23, 16, 8],
  [60, 16, 16],
  [128, 32, 16],
  [209, 64, 32],
  [256, 64, 32],
] as const;
const SIZES = [
  [217, 160],
  [300, 210],
  [374, 330],
  [460, 560],
  [716, 310],
  [980, 700],
] as const;

const cases = RUNS.flatMap(([count, br, bc]) => [true, false].map((words) => ({ count, br, bc, words })));

test.each(cases)(
  '$count tokens in tiles of $br × $bc (words: $words): labels of the grid keep apart at every size',
  ({ count, br, bc, words }) => {
    const visits = Array.from({ length: Math.ceil(count / bc) }, (_, i) => i);
    const run = {
      ...recordWalk({ nq: count, nk: count, headDim: 4, br, bc, visits: () => visits }, `${count}`),
      ...(words && { tokens: { query: tokensOf(count), key: tokensOf(count) } }),
    };
    for (const row of [0, 1, count - 2]) {
      const scene = tilingScene(run, 5, { kind: 'at', at: { batch: 0, head: 0, row } });
      for (const [width, height] of SIZES) {
        const pen = new NotingPen(width, height);
        drawGridBase(pen, scene);
        drawGridLive(pen, scene);
        const at = `row ${row} at ${width} × ${height}`;
        expect(pen.texts.length, at).toBeGreaterThan(4);
        expect(overlaps(pen.texts), at).toEqual([]);
        expect(cutOff(pen), at).toEqual([]);
      }
    }
  },
);

test.each([4, 7, 12, 23, 40, 60, 209])(
  '%i words, the last of them long: none is cut off at the edge of a grid or a heat map, whatever the size',
  (count) => {
    const words = [...Array.from({ length: count - 2 }, () => 'so'), 'Unterbrechung', 'wundervollerweise'];
    const run = {
      ...recordWalk(
        { nq: count, nk: count, headDim: 4, br: Math.ceil(count / 2), bc: 3, visits: () => [0] },
        `${count}`,
      ),
      tokens: { query: words, key: words },
    };
    for (const [width, height] of SIZES) {
      const pens = [new NotingPen(width, height), new NotingPen(width, height)] as const;
      drawGridBase(pens[0], tilingScene(run, 1, { kind: 'at', at: { batch: 0, head: 0, row: 0 } }));
      drawHeatBase(pens[1], heatOf(words, words, { row: 0, column: count - 1 }));
      for (const pen of pens) {
        expect(pen.texts.length).toBeGreaterThan(4);
        expect(cutOff(pen), `${width} × ${height}`).toEqual([]);
      }
    }
  },
);

function heatOf(
  rowWords: string[] | undefined,
  columnWords: string[] | undefined,
  selected: { row: number; column: number } | null,
  count = rowWords?.length ?? 1,
) {
  const panel: HeatPanel = {
    id: 's',
    letter: 'S',
    ink: '--tone-inner',
    titles: ['scores', 'S'],
    notes: [''],
    rows: count,
    columns: count,
    values: new Float32Array(count * count).fill(1),
    scale: { least: 0, most: 1, signed: false, counts: false },
    regions: [],
    axes: { rows: 'queries', columns: 'keys' },
    ...(rowWords && { rowWords }),
    ...(columnWords && { columnWords }),
    framed: false,
  };
  return { panels: [panel], selected: selected && { panel: 0, ...selected }, alike: true, shared: true };
}

test.each(cases.filter(({ br }) => br > 4))(
  '$count tokens (words: $words): labels of a heat map keep apart and whole at every size',
  ({ count, words }) => {
    const own = words ? tokensOf(count).map((token) => token.slice(1)) : undefined;
    for (const [width, height] of SIZES)
      for (const selected of [null, { row: 1, column: 2 }, { row: count - 2, column: count - 1 }]) {
        const pen = new NotingPen(width, height);
        drawHeatBase(pen, heatOf(own, own, selected, count));
        const at = `${width} × ${height}, ${JSON.stringify(selected)}`;
        expect(overlaps(pen.texts), at).toEqual([]);
        expect(cutOff(pen), at).toEqual([]);
      }
  },
);
