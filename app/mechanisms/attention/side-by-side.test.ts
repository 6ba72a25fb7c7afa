import { describe, expect, test } from 'vitest';
import type { RecordTable } from '#gpu/trace/trace.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import { NotingPen, overlaps } from '../../pens/testing/noting-pen.ts';
import { drawRowStatistics } from '../../pictures/grid/row-statistics.ts';
import { drawHeatBase } from '../../pictures/heat/heat-map.ts';
import { drawMemoryLive } from '../../pictures/memory/memory-hierarchy.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { memoryScene } from './memory-scene.ts';
import { rowScene } from './row-scene.ts';
import { reuseScene } from './testing/reuse-at.ts';
import { recordWalk, type Walk } from './testing/traced-walk.ts';
import { tilingView } from './testing/views.ts';

const walk: Walk = { nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] };
const once = recordWalk({ ...walk, br: 8 }, 'once');
const often = recordWalk({ ...walk, br: 1 }, 'often');
const together = [once, often];

describe('two recordings side by side', () => {
  test('have one scale of bytes, that of the longest bar of both', () => {
    const scales = together.map((recording) => memoryScene(recording, 1, null, undefined, together).longest);
    expect(scales[0]).toEqual(scales[1]);
    const alone = together.map((recording) => memoryScene(recording, 1, null).longest);
    expect(alone[0]!.hbm).toBeLessThan(alone[1]!.hbm);
    expect(scales[0]!.hbm).toBe(alone[1]!.hbm);
  });

  test('have one scale of touches', () => {
    expect(together.map((recording) => reuseScene(recording, 0, null).most)).toEqual([1, 8]);
    const common = together.map((recording) => reuseScene(recording, 0, null, together).most);
    expect(common).toEqual([8, 8]);
  });

  test('give a step the same letter and colour, in whatever order each meets its steps', () => {
    const renamed = recordWalk(walk, 'renamed');
    for (const step of renamed.trace.steps)
      step.name = { 'load-q': 'store-scores', 'load-kv': 'fold' }[step.name!] ?? 'load-kv';
    const pair = [once, renamed];
    const looks = pair.map((recording) => sceneAt(timeline(), recording, 0, { together: pair }).looks);
    const lettersOf = (list: (typeof looks)[number]) =>
      new Map(list.map(({ name, letter, ink }) => [name, letter + ink]));
    const [first, second] = looks.map(lettersOf) as [Map<string, string>, Map<string, string>];
    for (const name of ['fold', 'load-kv']) expect(second.get(name), name).toBe(first.get(name));
    expect([...first.values()]).not.toContain(second.get('store-scores'));
  });
});

describe('heat maps', () => {
  test.each([180, 345, 716])('at %i pixels every panel has its largest count, and no text lies on another', (width) => {
    const pen = new NotingPen(width, 300);
    const { scene } = reuseScene(often, 0, null);
    drawHeatBase(pen, scene);
    expect(pen.texts.filter(({ text }) => /^(max |×)/.test(text))).toHaveLength(scene.panels.length);
    expect(overlaps(pen.texts)).toEqual([]);
  });
});

/** The tables of a kernel that makes its rows in one go. */
function withoutRescale(tables: readonly RecordTable[]): RecordTable[] {
  return tables.map((table) => {
    const at = table.values.indexOf('rescale');
    if (at < 0) return table;
    return { ...table, values: table.values.toSpliced(at, 1), columns: table.columns.toSpliced(at, 1) };
  });
}

describe('registers', () => {
  test('what a kernel does not record is absent, not NaN', () => {
    const rowAtOnce = recordWalk(walk, 'row at once');
    const records = withoutRescale(rowAtOnce.trace.records!);
    for (const { values, columns } of records) columns[values.indexOf('m')]?.fill(3);
    // Another kernel of the run records factors, of no row.
    const folds = rowAtOnce.trace.records!.find(({ values }) => values.includes('rescale'))!;
    const none = { ...folds, step: new Uint32Array(0), invocation: new Uint32Array(0), columns: [] };
    const trace = { ...rowAtOnce.trace, records: [...records, none] };
    const { registers } = memoryScene({ ...rowAtOnce, trace }, trace.steps.length, null);
    expect(registers).toMatchObject({ m: 3, rescale: null });
  });

  test.each([345, 716])('at %i pixels a kernel without a record of the rescale factor has no line for it', (width) => {
    const walked = recordWalk(walk, 'whole rows');
    const rowAtOnce = { ...walked, trace: { ...walked.trace, records: withoutRescale(walked.trace.records!) } };
    const written = (recording: typeof walked, tick: number) => {
      const pen = new NotingPen(width, 310);
      drawMemoryLive(pen, memoryScene(recording, tick, null));
      return pen.texts.map(({ text }) => text);
    };
    for (const tick of [0, walked.trace.steps.length]) {
      expect(written(rowAtOnce, tick)).toEqual(expect.arrayContaining(['m', 'ℓ']));
      expect(written(rowAtOnce, tick)).not.toContain('rescale');
      expect(written(walked, tick)).toContain('rescale');
    }
  });

  test('a row that has seen no key has −∞ for its maximum, in numbers, words and plots', () => {
    // As the kernels store it: −1e30 to the nearest f32, until the third key tile.
    const unseen = recordWalk({ ...walk, maximum: (_row, key) => (key < 2 ? -1e30 : key) }, 'unseen');
    const picked = { batch: 0, head: 0, row: 1 };
    const first = rowScene(unseen, 0, picked).folds[0]!.step + 1;
    const written = (draw: (pen: NotingPen) => void) => {
      const pen = new NotingPen(716, 310);
      draw(pen);
      return pen.texts.map(({ text }) => text);
    };
    const texts = [
      ...written((pen) => drawMemoryLive(pen, memoryScene(unseen, first, null, picked))),
      ...written((pen) => drawRowStatistics(pen, rowScene(unseen, first, picked))),
    ];
    expect(texts.filter((text) => text === '−∞')).toHaveLength(2);
    expect(texts.join(' ')).not.toMatch(/e30|NaN/);
    const row = { kind: 'at', at: picked } as const;
    const { rows } = tilingView.table({ recording: unseen, tick: first, selection: row, others: [] });
    expect(rows.slice(0, 4).map((cells) => cells[6])).toEqual(['−∞', '−∞', '2.000', '3.000']);
    const discs: number[][] = [];
    const pen = Object.assign(new NotingPen(716, 310), { disc: (...at: number[]) => discs.push(at.slice(0, 3)) });
    drawRowStatistics(pen, rowScene(unseen, unseen.trace.steps.length, picked));
    // Four folds of ℓ and of the factor, and the two of m that have a place.
    expect(discs).toHaveLength(10);
    expect(discs.flat().every(Number.isFinite)).toBe(true);
    const heights = discs.slice(0, 2).map(([, y]) => y);
    expect(new Set(heights).size).toBe(2);
  });
});
