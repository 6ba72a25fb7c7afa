// The tree's names stand beside it, at every width; names of rounds that follow one another are told once.

import { expect, test } from 'vitest';
import type { Ink } from '../../pens/pen.ts';
import { NotingPen } from '../../pens/testing/noting-pen.ts';
import { drawTree, hitTree, type ScanTreeScene } from './scan-tree.ts';

const scene: ScanTreeScene = {
  lanes: 16,
  first: 32,
  rounds: 4,
  names: ['Combine with the left', 'Combine with the left', 'Combine with the left', 'Down-sweep'],
  edges: [0, 1, 2, 3].map((round) => ({ round, left: 0, right: 2 ** round, state: 'done' as const })),
  selectedLane: 0,
};

class LinedPen extends NotingPen {
  readonly inked: { points: readonly number[]; ink: Ink }[] = [];
  override line(points?: ArrayLike<number>, ink?: Ink): void {
    if (points && ink) this.inked.push({ points: Array.from(points), ink });
  }
}

test('names stand left of all that is drawn, at every width, and equal ones of neighbouring rounds are told once', () => {
  for (const [width, height] of [
    [360, 150],
    [700, 300],
    [1400, 600],
  ] as const) {
    const pen = new LinedPen(width, height);
    drawTree(pen, scene);
    const names = pen.texts.filter(({ left }) => left === 0);
    expect(names.map(({ text }) => text)).toEqual(['own step', 'Combine with the left', 'Down-sweep', 'time step']);
    const edge = Math.min(...pen.inked.flatMap(({ points }) => points.filter((_, i) => i % 2 === 0)));
    for (const { text, right } of names) expect(right, `${text} at ${width}`).toBeLessThan(edge);
  }
});

test('a point selects the lane it is drawn in; among the names none', () => {
  expect(hitTree(scene, 700, 20)).toBeNull();
  expect(hitTree(scene, 700, 699)).toBe(15);
  const pen = new LinedPen(700, 300);
  drawTree(pen, scene);
  const x = pen.inked.find(({ ink }) => ink === '--ink')!.points[0]!;
  expect(hitTree(scene, 700, x)).toBe(scene.selectedLane);
});
