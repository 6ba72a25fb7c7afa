import { describe, expect, test } from 'vitest';
import { drawHeatBase } from '../../marks/heatmap.ts';
import { NotingPen, overlaps } from '../../marks/testing/noting-pen.ts';
import { memoryScene } from './memory-scene.ts';
import { reuseScene } from './reuse-scene.ts';
import { attentionTimeline } from './TimelineView.tsx';
import { recordWalk, type Walk } from './testing/traced-walk.ts';

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
    const common = together.map((recording) => reuseScene(recording, 0, null, undefined, together).most);
    expect(common).toEqual([8, 8]);
  });

  test('give a step the same letter and colour, in whatever order each meets its steps', () => {
    const renamed = recordWalk(walk, 'renamed');
    for (const step of renamed.trace.steps)
      step.name = { 'load-q': 'store-scores', 'load-kv': 'fold' }[step.name!] ?? 'load-kv';
    const pair = [once, renamed];
    const looks = pair.map((recording) => attentionTimeline(recording, 0, null, pair).looks);
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
    const scene = reuseScene(often, 0, null);
    drawHeatBase(pen, scene);
    expect(pen.texts.filter(({ text }) => /^(max |×)/.test(text))).toHaveLength(scene.panels.length);
    expect(overlaps(pen.texts)).toEqual([]);
  });
});

describe('registers', () => {
  test('what a kernel does not record is absent, not NaN', () => {
    const rowAtOnce = recordWalk(walk, 'row at once');
    const { probes } = rowAtOnce.trace;
    const trace = { ...rowAtOnce.trace, probes: probes!.filter(({ name }) => name !== 'rescale') };
    for (const probe of trace.probes) if (probe.name === 'm') probe.values.fill(3);
    const { registers } = memoryScene({ ...rowAtOnce, trace }, trace.steps.length, null);
    expect(registers).toMatchObject({ m: 3, rescale: null });
  });
});
