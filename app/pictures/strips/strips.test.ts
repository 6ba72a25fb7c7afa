// Every picture of strips that an exhibit has, over the recordings that are shipped.

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { sceneAt, wordsAt } from '../../exhibit/testing/scene-at.ts';
import { loadView } from '../../mechanisms/load-view.ts';
import type { StripsScene } from './strips.ts';
import { layoutStrips } from './time-strips.ts';

const modules = import.meta.glob<Record<string, unknown>>(
  ['../../mechanisms/*/exhibit.ts', '../../mechanisms/*/views/*.ts'],
  { eager: true },
);
const isStrips = (value: unknown): value is Picture<StripsScene> =>
  (value as Partial<Picture> | null)?.kind === 'strips over time';
const pictures = Object.entries(modules).flatMap(([path, module]) =>
  Object.values(module)
    .filter(isStrips)
    .map((picture) => ({ mechanism: path.split('/')[3]!, title: picture.title, picture })),
);
const recordings = readdirSync('public/recordings').filter((name) => name.endsWith('.rec'));
const opened = new Map<string, Promise<Recording>>();

function open(file: string): Promise<Recording> {
  const run = opened.get(file) ?? shipped(file.replace(/\.rec$/, ''));
  opened.set(file, run);
  return run;
}

/** Recordings of a mechanism in which the picture has something to draw. */
async function runsWith(picture: Picture<StripsScene>, mechanism: string): Promise<Recording[]> {
  const runs = await Promise.all(recordings.filter((name) => name.startsWith(`${mechanism}-`)).map(open));
  return runs.filter((run) => !picture.nothing?.(run));
}

test('all exhibits with strips are held against the rules', () => {
  expect(pictures.map(({ mechanism, title }) => `${mechanism} ${title}`).sort()).toEqual([
    'mamba-block State',
    'selective-scan Carry',
    'selective-scan State',
    'selective-scan Tokens',
    'ssd Chunks',
    'ssd Decay',
    'token-pruning Rounds',
  ]);
});

describe.each(pictures)('$mechanism, $title', async ({ mechanism, picture }) => {
  const { extents } = (await loadView(mechanism))!;
  test.each([
    [382, 150],
    [382, 320],
    [900, 560],
  ])('every point of a drawing of %i × %i selects a cell that is drawn close to it', async (width, height) => {
    let points = 0;
    for (const file of recordings.filter((name) => name.startsWith(`${mechanism}-`))) {
      const run = await open(file);
      if (picture.nothing?.(run)) continue;
      const scene = sceneAt(picture, run, run.trace.steps.length, { extents });
      const boxes = layoutStrips(scene, width, height);
      const [first, last] = [boxes[0]!, boxes.at(-1)!];
      const cell = first.width / scene.columns;
      for (let y = first.y - 3; y < last.y + last.height + 4; y += (last.y + last.height - first.y) / 97) {
        for (const share of [-0.01, 0, 0.33, 0.7, 0.999, 1.01]) {
          const x = first.x + share * first.width;
          const place = picture.hit(scene, { width, height }, { x, y });
          expect(place, `${file} at ${x}, ${y}`).not.toBeNull();
          if (points++ % 29 !== 0) continue;
          const { selected } = sceneAt(picture, run, run.trace.steps.length, { place, extents });
          const box = boxes[selected!.strip]!;
          expect(Math.abs(first.x + (selected!.column + 0.5) * cell - x)).toBeLessThanOrEqual(
            cell / 2 + 0.011 * first.width,
          );
          const high = box.height / scene.strips[selected!.strip]!.rows;
          expect(Math.abs(box.y + (selected!.row + 0.5) * high - y), `${file} at ${x}, ${y}`).toBeLessThanOrEqual(
            high / 2 + 5.01,
          );
        }
      }
    }
    expect(points).toBeGreaterThan(500);
  });

  test('beside other runs the words say of a run what they say of it alone', async () => {
    const runs = await runsWith(picture, mechanism);
    for (const run of runs) {
      const said = (together?: readonly Recording[]) =>
        wordsAt(picture, run, run.trace.steps.length, { together, extents });
      expect(said(runs), run.id).toBe(said());
    }
  });
});
