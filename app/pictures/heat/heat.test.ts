import { describe, expect, test } from 'vitest';
import { looksOf } from '../../exhibit/names.ts';
import type { PictureState } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { handMade } from '../../exhibit/testing/hand-made.ts';
import { sceneAt, wordsAt } from '../../exhibit/testing/scene-at.ts';
import { NotingPen, overlaps } from '../../pens/testing/noting-pen.ts';
import { type HeatSpec, heat } from './heat.ts';
import { drawHeatLive, layoutHeat } from './heat-map.ts';

/** Weights of 3 rows × 4 keys of 2 heads, a tile of 2 keys a step; NaN was recorded once. */
const tiles = [0, 2].flatMap((key) => [0, 1].map((head) => ({ key, head })));
const run = handMade({
  steps: tiles.length,
  records: [
    {
      values: ['p'],
      at: ['head', 'row', 'key'],
      step: tiles.flatMap((_, step) => Array.from({ length: 6 }, () => step)),
      rows: tiles.flatMap(({ key, head }) =>
        Array.from({ length: 6 }, (_, i) => {
          const [row, at] = [i >> 1, key + (i & 1)];
          return [head === 1 && row === 2 && at === 3 ? Number.NaN : 0.1 * (row + 1) + at + head, head, row, at];
        }),
      ),
    },
  ],
});
const words = ['the', 'cat', 'sat', 'down'];
const spec: HeatSpec = {
  id: 'scores',
  title: 'Scores',
  about: 'about',
  panels: [
    {
      id: 'p',
      titles: ['weights'],
      rows: 'row',
      columns: 'key',
      record: 'p',
      scale: { from: 0, to: 10 },
      axes: { rows: 'queries', columns: 'keys' },
    },
  ],
  picks: [{ axis: 'head', label: 'Head' }],
  extents: () => ({ head: 2, row: 3, key: 4 }),
  labels: (_run, axis) => (axis === 'row' ? words.slice(0, 3) : words),
  words: () => 'words',
};
const scores = heat(spec);
const names = { lookOf: looksOf({}), steps: {}, variants: {} };
const stateAt = (tick: number, place: PictureState['place'] = null): PictureState => ({
  run,
  tick,
  place,
  others: [],
  names,
});
const placeOf = (head: number, row: number, key: number) =>
  ({ kind: 'at', tensor: 'p', at: { head, row, key } }) as const;

describe('a heat map of recorded values', () => {
  test('is empty at the start, grows tile by tile, and crosses out what is no number', () => {
    const known = (tick: number, head = 0) => {
      const [panel] = sceneAt(scores, run, tick, { place: placeOf(head, 0, 0) }).panels;
      return Array.from(panel!.values, (value) => !Number.isNaN(value));
    };
    expect(known(0)).not.toContain(true);
    expect(known(1)).toEqual([0, 0, 0].flatMap(() => [true, true, false, false]));
    expect(known(2)).toEqual(known(1));
    expect(known(3)).not.toContain(false);
    const [broken] = sceneAt(scores, run, 4, { place: placeOf(1, 0, 0) }).panels;
    expect(broken!.values[11]).toBe(Number.POSITIVE_INFINITY);
    const pen = new NotingPen(400, 300);
    scores.draw(pen, sceneAt(scores, run, 4, { place: placeOf(1, 0, 0) }));
    expect(pen.patterns.map(({ kind }) => kind)).toContain('cross');
  });

  test('one number per row has numbered rows, and nothing above them', () => {
    const each = { id: 'p', titles: ['rows'], rows: 'row', record: 'p', axes: { rows: 'queries' } };
    const pen = new NotingPen(400, 300);
    const single = heat({
      ...spec,
      panels: [each],
      picks: [...spec.picks, { axis: 'key', label: 'Key' }],
      labels: undefined,
    });
    single.draw(pen, sceneAt(single, run, 4));
    const texts = pen.texts.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['queries ↓', '0', '1', '2']));
    expect(texts.filter((text) => text === '0' || text.includes('→'))).toEqual(['0']);
  });

  test('once a row has all the values that it comes to, the others are shut out', () => {
    const [panel] = scores.scene(stateAt(0)).specs;
    const chosen = heat({ ...spec, shutOut: 'not chosen', panels: [{ ...panel!, chosen: () => 2 }] });
    expect(sceneAt(chosen, run, 0).panels[0]!.values.every(Number.isNaN)).toBe(true);
    // Two of four keys are known of every row; a row that comes to more is whole when it has them.
    expect(
      sceneAt(chosen, run, 1).panels[0]!.values.filter((value) => value === Number.NEGATIVE_INFINITY),
    ).toHaveLength(6);
    expect(chosen.table(sceneAt(chosen, run, 1), stateAt(1)).rows.flat()).toContain('not chosen');
    const three = heat({ ...spec, panels: [{ ...panel!, chosen: () => 3 }] });
    expect([...sceneAt(three, run, 1).panels[0]!.values]).not.toContain(Number.NEGATIVE_INFINITY);
  });

  test('a value is found again where it is drawn, by pointer, by keys and in the table', () => {
    const size = { width: 500, height: 400 };
    const scene = sceneAt(scores, run, 4, { place: placeOf(1, 1, 2) });
    expect(scene.selected).toEqual({ panel: 0, row: 1, column: 2 });
    expect(scores.status(scene, stateAt(4))).toBe('row 1 “cat”, key 2 “sat”: P 3.200');
    let found = 0;
    for (let y = 0; y < size.height; y += 7)
      for (let x = 0; x < size.width; x += 7) {
        const place = scores.hit(scene, size, { x, y });
        if (place?.kind !== 'at') continue;
        found++;
        expect(place.at.head).toBe(1);
        expect(sceneAt(scores, run, 4, { place }).selected).toMatchObject({ row: place.at.row, column: place.at.key });
      }
    expect(found).toBeGreaterThan(500);
    expect(scores.walk(scene, null, 'ArrowRight')).toEqual(placeOf(1, 1, 3));
    expect(scores.walk(scene, null, 'ArrowUp')).toEqual(placeOf(1, 0, 2));
    expect(scores.walk(scene, null, 'End')).toEqual(placeOf(1, 1, 3));
    expect(scores.walk(scene, null, 'x')).toBeNull();
    const { rows, at } = scores.table(scene, stateAt(4));
    expect(rows).toHaveLength(12);
    expect(rows[at!]).toEqual([1, 'cat', 2, 'sat', expect.closeTo(3.2)]);
    expect(scores.table(sceneAt(scores, run, 0), stateAt(0)).rows[0]).toEqual([0, 'the', 0, 'the', '']);
  });

  test('a scale that is given stays, however small the values: 1e-7 does not look like 1', () => {
    const tiny = handMade({
      steps: 1,
      records: [
        {
          values: ['p'],
          at: ['head', 'row', 'key'],
          step: [0, 0],
          rows: [
            [1e-7, 0, 0, 0],
            [10, 0, 0, 1],
          ],
        },
      ],
    });
    const pen = new NotingPen(400, 300);
    const scene = sceneAt(scores, tiny, 1);
    expect(scene.panels[0]!.scale).toEqual({ least: 0, most: 10, signed: false, counts: false });
    scores.draw(pen, scene);
    expect(pen.cellsDrawn[0]!.values.slice(0, 2)).toEqual(Uint8Array.of(1, 62));
  });

  test('two runs side by side have the scale of the larger, where none is given', () => {
    const free = heat({
      ...scores,
      id: 'free',
      panels: [{ id: 'p', titles: [''], rows: 'row', columns: 'key', record: 'p' }],
      picks: [],
      extents: () => ({ head: 2, row: 3, key: 4 }),
      words: () => '',
    });
    const small = handMade(
      { steps: 1, records: [{ values: ['p'], at: ['row', 'key'], step: [0], rows: [[2, 0, 0]] }] },
      'a',
    );
    const large = handMade(
      { steps: 1, records: [{ values: ['p'], at: ['row', 'key'], step: [0], rows: [[-8, 0, 0]] }] },
      'b',
    );
    expect(sceneAt(free, small, 1).panels[0]!.scale).toMatchObject({ least: -2, most: 2, signed: true });
    expect(sceneAt(free, small, 1, { together: [small, large] }).panels[0]!.scale).toMatchObject({
      least: -8,
      most: 8,
    });
  });

  test.each([
    [700, 400],
    [320, 260],
  ])('words at %i × %i do not lie on one another, and the picked ones are written', (width, height) => {
    for (const key of [0, 1, 2, 3]) {
      const pen = new NotingPen(width, height);
      scores.draw(pen, sceneAt(scores, run, 4, { place: placeOf(0, 2, key) }));
      expect(overlaps(pen.texts.filter(({ style }) => !style.rotate))).toEqual([]);
      expect(pen.texts.filter(({ style }) => style.bold).map(({ text }) => text)).toEqual(
        expect.arrayContaining(['sat', words[key]]),
      );
    }
  });
});

describe('values that go on changing', () => {
  const after = (tick: number) =>
    Float32Array.of(tick > 0 ? 1 / tick : Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN);
  const moving = heat({
    id: 'moving',
    title: '',
    about: '',
    picks: [],
    extents: () => ({ row: 2, key: 2 }),
    called: { row: 'query' },
    panels: ['a', 'b'].map((id) => ({
      id,
      titles: [id],
      rows: 'row',
      columns: 'key',
      axes: { rows: 'query', columns: 'key' },
      scale: { from: 0, to: 1 },
      made: () => ({ values: after(2), after }),
    })),
    follow: () => ({ row: 1 }),
    ofRow: (_run, _at, row, tick) => `row ${row} at ${tick}`,
    shutOut: 'hidden',
    words: () => '',
  });

  test('are those of the step; what is shut out is dotted, what is no number crossed, and the legend says so', () => {
    expect([1, 2, 4].map((tick) => sceneAt(moving, run, tick).panels[0]!.values[0])).toEqual([1, 0.5, 0.25]);
    const pen = new NotingPen(500, 300);
    moving.draw(pen, sceneAt(moving, run, 2));
    const kinds = pen.patterns.map(({ kind }) => kind);
    expect(['hatch', 'dots', 'cross'].map((kind) => kinds.filter((each) => each === kind).length)).toEqual([2, 2, 2]);
    expect(moving.legend!(sceneAt(moving, run, 2), stateAt(2)).map(({ words: said }) => said)).toContain('hidden');
  });

  test('over the same axes have boxes of one size, and what is selected stands in all of them', () => {
    for (const [width, height] of [
      [600, 240],
      [240, 600],
    ] as const) {
      const scene = sceneAt(moving, run, 2);
      const [a, b] = layoutHeat(scene, width, height);
      expect([a!.width, a!.height]).toEqual([b!.width, b!.height]);
      expect(width > height ? a!.y : a!.x).toBe(width > height ? b!.y : b!.x);
    }
    const place = { kind: 'at', at: { row: 0, key: 0 } } as const;
    const scene = sceneAt(moving, run, 4, { place });
    expect(moving.status(scene, stateAt(4))).toBe('query 0, key 0: A 0.2500, B 0.2500; row 0 at 4');
    const marked = (of: PictureState['place']) => {
      const pen = new NotingPen(500, 300);
      drawHeatLive(pen, sceneAt(moving, run, 4, { place: of }));
      return pen.frames.length;
    };
    expect([marked(place), marked(null)]).toEqual([4, 2]);
  });

  test('while nothing is selected the followed row is marked and told', () => {
    const scene = sceneAt(moving, run, 2);
    expect(scene.selected).toEqual({ panel: 0, row: 1, column: null });
    expect(moving.status(scene, stateAt(2))).toBe('query 1: row 1 at 2');
    expect(moving.walk(scene, null, 'ArrowDown')).toMatchObject({ at: { row: 1, key: 0 } });
  });
});

/** Touches of K, as they are counted, and its accesses past its end. */
const touchedWith = (outOfBounds?: Recording['trace']['outOfBounds']): Recording => {
  const made = handMade({
    steps: 1,
    inputs: { k: { axes: ['key', 'channel'], shape: [2, 2], data: [1, 2, 3, 4] } },
    touches: [{ buffer: 'k', loads: [0, 4, 1, 2], stores: [0, 0, 0, 0] }],
  });
  return { ...made, trace: { ...made.trace, outOfBounds } };
};
const counts = heat({
  id: 'counts',
  title: '',
  about: '',
  picks: [],
  words: () => 'Every element was read equally often.',
  panels: [{ id: 'k', titles: ['read'], rows: 'key', columns: 'channel', counts: true, touches: 'k', of: 'loads' }],
});

test('touches are counted: what was never touched is hatched, and the scale begins with once', () => {
  const scene = sceneAt(counts, touchedWith(), 0);
  expect(scene.key).not.toBeNull();
  expect(scene.panels[0]!.scale).toEqual({ least: 1, most: 4, signed: false, counts: true });
  const pen = new NotingPen(400, 200);
  counts.base!.draw(pen, scene);
  expect(pen.cellsDrawn[0]!.values).toEqual(Uint8Array.of(0, 62, 1, 21));
  expect(pen.texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['never', 'once', '4 times']));
});

test('where accesses went past the end, the counts of elements do not say that all is well', () => {
  const row = { dispatch: 0, workgroup: 0, line: 3, loads: 2, stores: 0, atomics: 0 };
  const [own, other] = ['k', 'v'].map((buffer) => touchedWith([{ ...row, buffer }]));
  const textsOf = (run: Recording) => {
    const pen = new NotingPen(400, 200);
    counts.base!.draw(pen, sceneAt(counts, run, 0));
    return pen.texts.map(({ text }) => text);
  };
  expect(textsOf(own!)).toContain('! 2× past the end');
  expect(textsOf(other!).filter((text) => text.includes('past'))).toEqual([]);
  for (const run of [own!, other!]) expect(wordsAt(counts, run, 0)).toContain('past its end 2 times');
  expect(wordsAt(counts, touchedWith([]), 0)).toBe('Every element was read equally often.');
});
