// Every picture of strips that an exhibit has, over the recordings that are shipped.

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { sceneAt, wordsAt } from '../../exhibit/testing/scene-at.ts';
import { loadView } from '../../mechanisms/load-view.ts';
import { NotingPen, overlaps } from '../../pens/testing/noting-pen.ts';
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

  test('next to nothing never looks like much: it has the shade of 0 wherever a scale is not one of such numbers, which is said', async () => {
    let next = 0;
    for (const run of await runsWith(picture, mechanism)) {
      const scene = sceneAt(picture, run, run.trace.steps.length, { extents });
      const pen = new NotingPen(900, 560);
      picture.draw(pen, scene);
      // Every strip is followed by the bar of its colours.
      const drawn = pen.cellsDrawn.filter((_, i) => i % 2 === 0);
      expect(drawn).toHaveLength(scene.strips.length);
      scene.strips.forEach(({ values, signed, end, ofRun, title }, i) => {
        if (ofRun && end! < 1) return;
        expect(end, `${run.id}, ${title}`).toBeGreaterThanOrEqual(1);
        values.forEach((value, at) => {
          if (!(Math.abs(value) <= 1e-5)) return;
          next++;
          if (drawn[i]!.values[at] !== (signed ? 61 : 1))
            expect.unreachable(`${run.id}, ${title}: ${value} has a colour`);
        });
      });
    }
    // Votes and carried states are larger, those that are shipped.
    if (!['graph', 'rounds', 'chunks'].includes(picture.id)) expect(next).toBeGreaterThan(0);
  });

  test.each([
    [240, 170],
    [300, 240],
    [382, 150],
    [382, 320],
    [900, 560],
  ])(
    'at %i × %i every strip has its bar of colours and says what its ends stand for, and no text lies on another',
    async (width, height) => {
      for (const run of await runsWith(picture, mechanism)) {
        const scene = sceneAt(picture, run, run.trace.steps.length, { extents });
        const pen = new NotingPen(width, height);
        picture.draw(pen, scene);
        expect(pen.cellsDrawn.filter(({ columns, rows }, i) => i % 2 === 1 && columns === 1 && rows > 2)).toHaveLength(
          scene.strips.length,
        );
        // Strips lower than their title and scale have the bar alone.
        const high = layoutStrips(scene, width, height).filter((box) => box.height >= 12);
        if (height > 170) expect(high).toHaveLength(scene.strips.length);
        const said = pen.texts.filter(({ text }) => /^(this run: )?(±|[\d.e-]+ … )[\d.e-]+$/.test(text));
        expect(said, run.id).toHaveLength(high.length);
        if (high.length === scene.strips.length)
          scene.strips.forEach(({ ofRun }, i) => {
            expect(said[i]!.text.startsWith('this run'), run.id).toBe(ofRun);
          });
        expect(overlaps(pen.texts), run.id).toEqual([]);
      }
    },
  );

  test('beside other runs the words say of a run what they say of it alone', async () => {
    const runs = await runsWith(picture, mechanism);
    for (const run of runs) {
      const said = (together?: readonly Recording[]) =>
        wordsAt(picture, run, run.trace.steps.length, { together, extents });
      expect(said(runs), run.id).toBe(said());
    }
  });
});

test.each([
  ['selective-scan', 'State', 'selective-scan-selective-copy', ['h', 'step', 'out']],
  ['selective-scan', 'Tokens', 'selective-scan-selective-copy', ['step', 'a_bar']],
  ['mamba-block', 'State', 'mamba-block-induction', ['h', 'step', 'out']],
])(
  '%s, %s: with Δ, B and C for every token (S6) or the same for all (S4), one scale',
  async (mechanism, title, name, ids) => {
    const { picture } = pictures.find((each) => each.mechanism === mechanism && each.title === title)!;
    const { extents } = (await loadView(mechanism))!;
    const scenes = await Promise.all(
      [name, `${name}-s4`].map(async (each) => {
        const run = await open(each);
        return sceneAt(picture, run, run.trace.steps.length, { extents });
      }),
    );
    const scales = scenes.map(({ strips }) =>
      ids.map((id) => {
        const { end, least, signed, ofRun } = strips.find((strip) => strip.id === id)!;
        return { id, end, least, signed, ofRun };
      }),
    );
    expect(scales[1]).toEqual(scales[0]);
    for (const { ofRun } of scales.flat()) expect(ofRun).toBe(false);
    // What is open in the one is shut in the other, and looks so.
    const most = scenes.map(({ strips }) => strips.find(({ id }) => id === 'step')!.own);
    expect(most[1]! / most[0]!).toBeLessThan(1e-6);
  },
);
