import { expect, test } from 'vitest';
import { SvgPen } from '../../pens/svg-pen.ts';
import { NotingPen, overlaps } from '../../pens/testing/noting-pen.ts';
import { drawGraph, type GraphNode, type GraphScene, hitGraph, layoutGraph } from './graph-drawing.ts';

const WORDS = ['[CLS]', 'a', 'token', 'that', 'nobody', 'understands', 'incomprehensibly', 'is', 'left', 'out'];

function sceneOf(count: number, more: Partial<GraphScene> = {}, labelOf: (i: number) => string = String): GraphScene {
  const nodes = Array.from({ length: count }, (_, i): GraphNode => ({ label: labelOf(i), score: (1 + (i % 7)) / 7 }));
  return {
    nodes,
    most: 1,
    edges: [],
    heaviest: 1,
    selected: null,
    inks: { node: '--tone-inner', edge: '--tone-weight' },
    ...more,
  };
}

const SIZES = [
  [720, 480],
  [360, 420],
] as const;

/** The SVG of a scene, its inks by their names. */
function svgOf(scene: GraphScene): string {
  const pen = new SvgPen(720, 480, (ink) => ink);
  drawGraph(pen, scene);
  return pen.document('');
}

test.each(SIZES)('on %i × %i no level label lies on another, none leaves the picture', (width, height) => {
  for (const labelOf of [String, (i: number) => WORDS[i % WORDS.length]!]) {
    for (const count of [2, 3, 7, 14, 17, 26, 37, 50, 64]) {
      const pen = new NotingPen(width, height);
      drawGraph(pen, sceneOf(count, {}, labelOf));
      expect(pen.texts.length, `${count} labels`).toBe(
        layoutGraph(sceneOf(count, {}, labelOf), width, height).labels === 'some' ? 12 : count,
      );
      expect(overlaps(pen.texts), `${count} labels`).toEqual([]);
      const level = pen.texts.filter(({ style }) => !style.rotate);
      const covered = level.filter(({ left, right, top, bottom }) =>
        pen.rects.some(
          ({ x, y, width: wide, height: high }) => left < x + wide && right > x && top < y + high && bottom > y,
        ),
      );
      expect(
        covered.map(({ text }) => text),
        `${count} labels`,
      ).toEqual([]);
      for (const { left, right, top, bottom } of level) {
        expect(Math.min(left, top), `${count} labels`).toBeGreaterThanOrEqual(0);
        expect(right, `${count} labels`).toBeLessThanOrEqual(width);
        expect(bottom, `${count} labels`).toBeLessThanOrEqual(height);
      }
    }
  }
});

test.each(SIZES)('on %i × %i no square touches another, and each is found where it stands', (width, height) => {
  for (const count of [2, 14, 37, 64, 128, 197]) {
    const scene = sceneOf(count);
    const { nodes } = layoutGraph(
      { ...scene, nodes: scene.nodes.map((node) => ({ ...node, score: 1 })) },
      width,
      height,
    );
    nodes.forEach(({ x, y, half }, i) => {
      const beside = nodes[(i + 1) % count]!;
      const apart = Math.max(Math.abs(x - beside.x), Math.abs(y - beside.y));
      expect(apart, `${i} of ${count}`).toBeGreaterThanOrEqual(2 * half);
      expect(hitGraph(scene, width, height, x, y), `${i} of ${count}`).toBe(i);
    });
  }
  expect(hitGraph(sceneOf(14), width, height, width / 2, height / 2)).toBeNull();
});

test('sizes grow with the score, and stay where they are while others are not known', () => {
  const scores = [0, 0.25, 1, Number.NaN];
  const scene = sceneOf(4, { nodes: scores.map((score, i) => ({ label: String(i), score })) });
  const [none, quarter, whole, unknown] = layoutGraph(scene, 720, 480).nodes.map(({ half }) => half);
  expect(none).toBe(unknown);
  expect(quarter! - none!).toBeCloseTo((whole! - none!) / 2, 6);
});

test('what is left out is hatched and crossed out in words, not by colour alone', () => {
  const nodes = [
    { label: 'CLS', score: 1 },
    { label: 'stays', score: 1, kept: true },
    { label: 'leaves', score: 0.2, kept: false },
  ];
  const pen = new NotingPen(720, 480);
  drawGraph(pen, sceneOf(3, { nodes }));
  expect(pen.texts.map(({ text }) => text)).toEqual(['CLS', 'stays', '× leaves']);
  expect(pen.patterns.map(({ kind }) => kind)).toEqual(['hatch']);
});

test('what is not known yet is dotted, what is no number crossed', () => {
  const nodes = [Number.NaN, Number.POSITIVE_INFINITY, 0.5].map((score, i) => ({ label: String(i), score }));
  const pen = new NotingPen(720, 480);
  drawGraph(pen, sceneOf(3, { nodes }));
  expect(pen.patterns.map(({ kind }) => kind)).toEqual(['dots', 'cross']);
});

test('arrows are as thick as their weight, and those of other nodes fade beside a selected one', () => {
  const edges = [
    { from: 0, to: 1, weight: 1 },
    { from: 2, to: 1, weight: 0.5 },
    { from: 3, to: 3, weight: 0.25 },
  ];
  const widths = (scene: GraphScene, ink: string) =>
    [...svgOf(scene).matchAll(new RegExp(`<polyline [^>]*stroke="${ink}" stroke-width="([\\d.]+)"`, 'g'))].map(Number);
  const strokes = (scene: GraphScene, ink: string) => svgOf(scene).split(`stroke="${ink}" stroke-width`).length - 1;
  expect(strokes(sceneOf(5, { edges }), '--tone-weight')).toBe(5); // Two arrows with heads, one loop.
  expect(strokes(sceneOf(5, { edges, selected: 0 }), '--tone-weight')).toBe(2);
  expect(strokes(sceneOf(5, { edges, selected: 0 }), '--line')).toBe(3);
  expect(widths(sceneOf(5), '--tone-weight')).toEqual([]);
  expect(svgOf(sceneOf(5, { edges }))).toContain('stroke-width="4.75"');
});
