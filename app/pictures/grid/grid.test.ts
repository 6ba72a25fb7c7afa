import { describe, expect, test } from 'vitest';
import { looksOf } from '../../exhibit/names.ts';
import { handMade } from '../../exhibit/testing/hand-made.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import { NotingPen } from '../../pens/testing/noting-pen.ts';
import { grid } from './grid.ts';
import { CELL } from './tile-grid.ts';
import { cellsAt, type GridVisits } from './visits.ts';

/** 4 × 6 tokens in tiles of 2 × 3: cells 0 … 3, visited 0, 1, 1, 2 by dispatch 0 and 0 by dispatch 1; 3 is hidden by the mask. */
const made = (): GridVisits => ({
  mask: {
    rows: 4,
    keys: 6,
    from: new Uint32Array(4),
    to: Uint32Array.of(6, 6, 3, 3),
  },
  tileRows: 2,
  tileColumns: 3,
  gridRows: 2,
  gridColumns: 2,
  ticks: Uint32Array.of(1, 2, 3, 4, 5),
  cells: Uint32Array.of(0, 1, 1, 2, 0),
  dispatch: Uint32Array.of(0, 0, 0, 0, 1),
  repeats: Uint32Array.of(1, 1, 1, 1, 1),
  visitsInAll: Uint16Array.of(2, 2, 1, 0),
  open: Uint8Array.of(1, 1, 1, 0),
  cellOfStep: (step) => [0, 1, 1, 2, 0][step] ?? -1,
});
const visits = made();
const run = handMade({
  steps: 5,
  inputs: { mask: { axes: ['head', 'row', 'key'], shape: [2, 4, 6], data: [] } },
  records: [
    {
      values: ['s'],
      at: ['head', 'row', 'key'],
      step: [0, 1],
      rows: [
        [2, 1, 0, 0],
        [-4, 1, 0, 3],
      ],
    },
  ],
});
const tiles = grid({
  id: 'tiles',
  title: 'Tiles',
  about: 'about',
  kind: 'grid of tiles',
  rows: 'row',
  columns: 'key',
  titles: { rows: 'rows', columns: 'columns' },
  picks: [{ axis: 'head', label: 'Head' }],
  follow: () => ({ head: 1, row: 3 }),
  visits: () => visits,
  hasFills: () => true,
  fills: async () => [{ id: 's', title: 'scores', record: 's' }],
  table: () => ({ columns: [], rows: [] }),
});
const at = (more: object) => ({ kind: 'at' as const, at: { head: 1, ...more } });
const stateAt = (tick: number) => ({
  run,
  tick,
  place: null,
  others: [],
  names: { lookOf: looksOf({}), steps: {}, variants: {} },
});

describe('a grid of tiles', () => {
  test('counts what was visited, by how many kernels, more than once, and never', () => {
    const states = (tick: number) => [...sceneAt(tiles, run, tick).state];
    expect(states(0)).toEqual([CELL.ahead, CELL.ahead, CELL.ahead, CELL.never]);
    expect(states(2)).toEqual([CELL.visited, CELL.visited, CELL.ahead, CELL.never]);
    expect(states(5)).toEqual([CELL.visitedLater, CELL.repeated, CELL.visited, CELL.never]);
    expect(sceneAt(tiles, run, 5)).toMatchObject({ visited: 3, repeated: 1, never: 1, missed: 0 });
    const said = '3 of 4 tiles visited, 1 never visited, as the mask has it, 1 read more than once.';
    expect(tiles.words(sceneAt(tiles, run, 5), stateAt(5))).toBe(said);
    expect(tiles.legend!(sceneAt(tiles, run, 5), stateAt(5)).map(({ id }) => id)).toEqual([
      'visited',
      'again',
      'current',
      'never',
      'masked',
      'repeated',
    ]);
  });

  test('is the same however one came to a step: forwards, backwards or at once', () => {
    const played = made();
    const atOnce = (tick: number) => cellsAt(made(), tick);
    for (const tick of [0, 1, 2, 5, 3, 4, 4, 0, 5]) {
      const { state, times, visited, repeated } = cellsAt(played, tick);
      const { state: wanted, times: often, ...counts } = atOnce(tick);
      expect([state, times, visited, repeated], String(tick)).toEqual([wanted, often, counts.visited, counts.repeated]);
    }
    const kept = cellsAt(played, 1);
    cellsAt(played, 5);
    expect(kept.state).toEqual(atOnce(1).state);
  });

  test('a tile is found again where it is drawn; beside the grid a row is', () => {
    const scene = sceneAt(tiles, run, 5);
    const size = { width: 400, height: 300 };
    const places = new Set<string>();
    for (let y = 0; y < size.height; y += 5)
      for (let x = 0; x < size.width; x += 5) {
        const place = tiles.hit(scene, size, { x, y });
        if (place) places.add(JSON.stringify(place.kind === 'at' ? place.at : null));
      }
    const wanted = [
      // The row that was pointed at, not its tile's first.
      ...[0, 1, 2, 3].flatMap((row) => [0, 3].map((key) => ({ head: 1, row, key }))),
      ...[0, 1, 2, 3].map((row) => ({ head: 1, row })),
    ];
    expect([...places].sort()).toEqual(wanted.map((place) => JSON.stringify(place)).sort());
    const pointed = sceneAt(tiles, run, 5, { place: at({ row: 3, key: 0 }) });
    expect([pointed.selectedCell, pointed.selectedRow]).toEqual([2, 3]);
  });

  test('arrows walk tiles, with shift rows, and stop at the edge', () => {
    const scene = sceneAt(tiles, run, 5, { place: at({ row: 2, key: 0 }) });
    expect(scene.selectedCell).toBe(2);
    expect(tiles.walk(scene, null, 'ArrowRight')).toEqual(at({ row: 2, key: 3 }));
    expect(tiles.walk(scene, null, 'ArrowDown')).toEqual(at({ row: 2, key: 0 }));
    expect(tiles.walk(scene, null, 'ArrowDown', true)).toEqual(at({ row: 3 }));
    expect(tiles.walk(scene, null, 'p')).toBeNull();
  });

  test('stays at the row it was at while a line is selected, and is in no other head’s tile', () => {
    const line = { kind: 'line', kernel: 'k.wgsl', line: 1 } as const;
    expect(sceneAt(tiles, run, 5, { place: line }).row).toBe(3);
    expect(sceneAt(tiles, run, 5, { place: line, before: at({ row: 1 }) }).row).toBe(1);
    const other = sceneAt(tiles, run, 5, { place: { kind: 'at', at: { head: 0, row: 0, key: 0 } } });
    expect([other.at, other.selectedCell]).toEqual([{ head: 0 }, 0]);
    expect(tiles.picks!(other, stateAt(5))[0]).toMatchObject({ count: 2, at: 0 });
  });

  test('tiles are filled with what was recorded by then, on the scale of the whole run, once that is loaded', async () => {
    expect(sceneAt(tiles, run, 1, { fill: 's' }).fill).toBeUndefined();
    expect(tiles.fills!(sceneAt(tiles, run, 1))).toHaveLength(1);
    await tiles.later!();
    expect(tiles.fills!(sceneAt(tiles, run, 1)).map(({ id }) => id)).toEqual(['visits', 's']);
    const { fill } = sceneAt(tiles, run, 1, { fill: 's' });
    expect(fill).toMatchObject({ most: 4, signed: true });
    expect([fill!.values[0], fill!.values[3]]).toEqual([2, Number.NaN]);
    const pen = new NotingPen(400, 300);
    tiles.draw(pen, sceneAt(tiles, run, 2, { fill: 's' }));
    expect(pen.cellsDrawn.at(-1)).toMatchObject({ rows: 4, columns: 6 });
    expect(sceneAt(tiles, run, 1, { fill: 'unheard-of' }).fill).toBeUndefined();
  });
});
