import { describe, expect, test } from 'vitest';
import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import { recordWalk } from '../mechanisms/attention/testing/traced-walk.ts';
import { escapeXml, SvgPen } from '../pens/svg-pen.ts';
import { NotingPen, overlaps } from '../pens/testing/noting-pen.ts';
import {
  drawGridBase,
  drawGridLive,
  hasMasked,
  hitGrid,
  labelStep,
  layoutGrid,
  type TileGridScene,
} from './grid/tile-grid.ts';
import { windowAround } from './timeline/TimelineFace.tsx';
import {
  drawTimelineBase,
  hitTimeline,
  laneAt,
  layoutTimeline,
  namesWithin,
  stepX,
  timelineScene,
} from './timeline/timeline-lanes.ts';

const inkOf = (ink: string) => (ink === '--ink' ? 'rgb(1 2 3)' : '"><script>');

describe('SVG pen', () => {
  test('text and colours cannot break out of the document', () => {
    const pen = new SvgPen(10, 10, inkOf);
    pen.text(1, 1, '<script>&"\u0000', '--ink');
    pen.rect(0, 0, 1, 1, '--accent');
    const svg = pen.document('a < b');
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('&lt;script&gt;&amp;&quot;');
    expect(svg).toContain('<title>a &lt; b</title>');
    expect(escapeXml('\u0007x')).toBe('x');
  });

  test('runs of equal cells become one rectangle, clear cells none', () => {
    const pen = new SvgPen(40, 20, inkOf);
    const palette = [
      { ink: 'none' as const, alpha: 0 },
      { ink: '--ink' as const, alpha: 1 },
    ];
    pen.cells(0, 0, 40, 20, 4, 2, Uint8Array.from([1, 1, 1, 0, 0, 1, 0, 1]), palette);
    const boxes = [...pen.document('').matchAll(/x="(\d+)" y="(\d+)" width="(\d+)"/g)].map((match) =>
      match.slice(1).map(Number),
    );
    expect(boxes).toEqual([
      [0, 0, 30],
      [10, 10, 10],
      [30, 10, 10],
    ]);
  });
});

describe('score grid', () => {
  test('every token is found again where it is drawn', () => {
    const scene = {
      titles: { rows: 'queries', columns: 'keys' },
      rows: 10,
      columns: 14,
      tileRows: 4,
      tileColumns: 5,
      gridRows: 3,
      gridColumns: 3,
      state: new Uint8Array(9),
      times: new Uint16Array(9),
      current: [],
      visibleFrom: new Uint32Array(10),
      visibleTo: new Uint32Array(10).fill(14),
      selectedRow: null,
      selectedCell: null,
      linked: null,
    };
    const layout = layoutGrid(scene, 600, 400);
    for (let row = 0; row < scene.rows; row++) {
      for (let column = 0; column < scene.columns; column++) {
        const hit = hitGrid(
          scene,
          layout,
          layout.x + (column + 0.5) * layout.scaleX,
          layout.y + (row + 0.5) * layout.scaleY,
        );
        expect(hit).toEqual({ row, column, cell: Math.floor(row / 4) * 3 + Math.floor(column / 5) });
      }
    }
    expect(hitGrid(scene, layout, layout.x - 1, layout.y + 1)).toBeNull();
  });
});

describe('words and mask of the score grid', () => {
  const words = Array.from({ length: 24 }, (_, i) => `word${i}`);
  const grid = (selectedRow: number, visibleTo = new Uint32Array(24).fill(24)): TileGridScene => ({
    titles: { rows: 'queries', columns: 'keys' },
    rows: 24,
    columns: 24,
    tileRows: 16,
    tileColumns: 4,
    gridRows: 2,
    gridColumns: 6,
    state: new Uint8Array(12),
    times: new Uint16Array(12),
    current: [],
    visibleFrom: new Uint32Array(24),
    visibleTo,
    rowLabels: words,
    columnLabels: words,
    selectedRow,
    selectedCell: null,
    linked: null,
  });

  test.each([90, 160, 220, 400])(
    'the picked row is named at %i pixels of height, and no word lies on another',
    (height) => {
      for (let row = 0; row < 24; row++) {
        const pen = new NotingPen(480, height);
        drawGridBase(pen, grid(row));
        const upright = pen.texts.filter(({ style, text }) => !style.rotate && text.startsWith('word'));
        expect(upright.map(({ text }) => text)).toContain(`word${row}`);
        expect(upright.find(({ text }) => text === `word${row}`)!.style.bold).toBe(true);
        expect(overlaps(upright)).toEqual([]);
      }
    },
  );

  test('axis names are not cut at the left', () => {
    const pen = new NotingPen(480, 300);
    drawGridBase(pen, { ...grid(0), rowLabels: undefined, columnLabels: undefined });
    expect(Math.min(...pen.texts.map(({ left }) => left))).toBeGreaterThanOrEqual(0);
  });

  test('what the mask hides inside a tile is dotted, row by row', () => {
    const pen = new NotingPen(480, 300);
    const causal = grid(
      0,
      Uint32Array.from({ length: 24 }, (_, row) => row + 1),
    );
    drawGridLive(pen, causal);
    const dots = pen.patterns.filter(({ kind }) => kind === 'dots');
    // The last row sees every key.
    expect(dots).toHaveLength(23);
    const { scaleX } = layoutGrid(causal, 480, 300);
    expect(dots.map(({ width }) => Math.round(width / scaleX))).toEqual(
      Array.from({ length: 23 }, (_, row) => 23 - row),
    );
    expect([hasMasked(causal), hasMasked(grid(0))]).toEqual([true, false]);
  });
});

describe('timeline', () => {
  const recording = recordWalk({ nq: 8, nk: 8, headDim: 2, br: 2, bc: 2, visits: () => [0, 1, 2, 3] });
  const scene = timelineScene(indexOfTrace(recording.trace), ['flash-v2.wgsl'], 5, { dispatch: 0, workgroup: 2 });

  test('has a lane per workgroup and knows the running and the selected one', () => {
    expect(scene).toMatchObject({ steps: 40, currentLane: 0, selectedLane: 2 });
    expect(scene.lanes.map(({ steps }) => steps)).toEqual([10, 10, 10, 10]);
    expect([...scene.used]).toEqual(['load-q', 'load-kv', 'fold']);
  });

  test('a step is found again where it is drawn', () => {
    const window = { from: 0, to: scene.steps };
    const layout = layoutTimeline(scene, 800, 200);
    for (let step = 0; step < scene.steps; step++) {
      const y = layout.y + (scene.lane[step]! + 0.5) * layout.laneHeight;
      expect(hitTimeline(scene, layout, window, stepX(layout, window, step + 0.5), y)).toEqual({
        step,
        lane: scene.lane[step],
      });
    }
  });

  test('zoomed in, the window turns pages and always holds the tick’s step', () => {
    for (let tick = 0; tick <= 40; tick++) {
      const { from, to } = windowAround(40, tick, 3);
      expect(Math.max(tick - 1, 0)).toBeGreaterThanOrEqual(from);
      expect(Math.max(tick - 1, 0)).toBeLessThan(to);
    }
    expect(windowAround(40, 40, 1)).toEqual({ from: 0, to: 40 });
  });
});

test('a trace without lanes has none to walk to', () => {
  const walk = recordWalk({ nq: 4, nk: 4, br: 2, bc: 2, headDim: 4, visits: () => [0] });
  const empty = timelineScene(indexOfTrace({ ...walk.trace, steps: [] }), ['flash-v2.wgsl'], 0, null);
  expect(empty.lanes).toEqual([]);
  for (const lane of [-1, 0, 1]) expect(laneAt(empty, lane)).toBeNull();
});

describe('a timeline of several kernels', () => {
  const walk = recordWalk({ nq: 8, nk: 8, headDim: 2, br: 2, bc: 2, visits: () => [0, 1, 2, 3] });
  const files = ['standard-scores.wgsl', 'standard-softmax.wgsl', 'standard-output.wgsl'];
  /** The walk's 40 steps as those of three kernels; the second begins at step `second`, the third at `third`. */
  const sceneOf = (second: number, third: number) => {
    const steps = walk.trace.steps.map((step, i) => ({ ...step, dispatch: i < second ? 0 : i < third ? 1 : 2 }));
    return timelineScene(indexOfTrace({ ...walk.trace, steps }), files, 5, null);
  };
  const drawn = (width: number, second: number, third: number, window = { from: 0, to: 40 }) => {
    const scene = sceneOf(second, third);
    const pen = new NotingPen(width, 200);
    drawTimelineBase(pen, scene, window);
    const layout = layoutTimeline(scene, width, 200);
    const bounds = [0, second, third, 40].map((step) =>
      stepX(layout, window, Math.min(Math.max(step, window.from), window.to)),
    );
    const names = pen.texts.filter(({ top }) => top < 8 && top > 0);
    return { texts: pen.texts.map(({ text }) => text), names, bounds };
  };

  test.each([
    [1400, 10, 30, ['1 standard-scores.wgsl', '2 standard-softmax.wgsl', '3 standard-output.wgsl']],
    [620, 10, 30, ['1 standard-scores', '2 standard-softmax', '3 standard-output']],
    [500, 10, 30, ['1 scores', '2 softmax', '3 output']],
    [345, 10, 30, ['1 scores', '2 softmax', '3 output']],
    [345, 3, 37, ['1', '2 standard-softmax.wgsl', '3']],
    [180, 10, 30, ['1', '2', '3']],
  ])('at %i pixels, sections from %i and %i, names each within its own section', (width, second, third, said) => {
    const { names, bounds } = drawn(width, second, third);
    expect(names.map(({ text }) => text)).toEqual(said);
    for (const { text, left, right } of names) {
      const section = Number(text[0]) - 1;
      expect(left, text).toBeGreaterThanOrEqual(bounds[section]!);
      expect(right, text).toBeLessThanOrEqual(bounds[section + 1]!);
    }
  });

  test('zoomed in, a kernel that began before the page is named on it too', () => {
    expect(drawn(900, 10, 30, { from: 20, to: 40 }).names.map(({ text }) => text)).toEqual([
      '2 standard-softmax.wgsl',
      '3 standard-output.wgsl',
    ]);
  });

  test('rows count kernels from 1 and workgroups from 0, as the playback bar does', () => {
    const { texts } = drawn(900, 10, 30);
    const rows = texts.filter((text) => text.includes('·'));
    expect(rows).toEqual(['1·0', '2·1', '2·2', '3·3']);
  });

  test('one kernel has no number, and names that share nothing lose nothing', () => {
    const only = [{ kernel: 'flash-v2.wgsl', number: 1 }];
    expect([400, 70, 20].map((room) => namesWithin(only, [room], false))).toEqual([
      ['flash-v2.wgsl'],
      ['flash-v2'],
      [''],
    ]);
    const two = ['a.wgsl', 'a-b.wgsl'].map((kernel, i) => ({ kernel, number: i + 1 }));
    expect(namesWithin(two, [50, 50], true)).toEqual(['1 a', '2 a-b']);
  });
});

describe('labels of the score grid', () => {
  test('every word is named where there is room, else every so many, evenly within tiles', () => {
    expect(labelStep(20, 16, true)).toBe(1);
    expect(labelStep(9, 16, true)).toBe(2);
    expect(labelStep(3, 16, true)).toBe(4);
    expect(labelStep(9, 12, true)).toBe(2);
    expect(labelStep(0.5, 16, true)).toBe(32);
  });

  test('numbers stand at the first token of a tile, or of every so many tiles', () => {
    expect(labelStep(30, 16, false)).toBe(16);
    expect(labelStep(1, 16, false)).toBe(32);
  });

  test.each([1, 4, 8, 13, 16])('labels never touch, whatever the size of a token (tiles of %i)', (tile) => {
    for (let scale = 0.2; scale < 40; scale *= 1.3)
      expect(labelStep(scale, tile, true) * scale).toBeGreaterThanOrEqual(11);
  });
});
