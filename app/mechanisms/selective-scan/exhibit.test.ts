import { expect, test } from 'vitest';
import { selectiveScan } from '#gpu/mechanisms/selective-scan/selective-scan.ts';
import { looksOf } from '../../exhibit/names.ts';
import { expectFrozen, shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import { hashOf } from '../../exhibit/testing/scene-digest.ts';
import { titlesOf } from '../../words/step-words.ts';
import { selectiveScanExhibit } from './exhibit.ts';
import frozen from './fixtures/scenes.json' with { type: 'json' };
import { carry } from './views/carry.ts';
import { scanTree } from './views/scan-tree.ts';
import { state } from './views/state.ts';
import { tokens } from './views/tokens.ts';

const names = [...new Set(Object.keys(frozen).map((key) => key.split(' ')[0]!))];

test.each(['blelloch', 'hillis-steele'])('%s: the tree has the edges of the one made by hand', async (name) => {
  const run = await shipped(`selective-scan-${name}`);
  const all = Object.entries(frozen).filter(([key]) => key.startsWith(`${name} tree `));
  expect(all.length).toBeGreaterThan(1);
  for (const [key, { said }] of all as [string, { said: string }][]) {
    const [batch, channel, time] = key.split(' ').slice(2).map(Number);
    const place = { kind: 'at', at: { batch: batch!, channel: channel!, time: time! } } as const;
    const names = { lookOf: looksOf({}), steps: titlesOf(selectiveScan.steps), variants: {} };
    const scene = sceneAt(scanTree, run, run.trace.steps.length, { place, names });
    const edges = scene.edges.map(({ round, left, right }) => [round, left, right]);
    edges.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!);
    const { lanes, first, rounds, names: titles, selectedLane } = scene;
    expect(hashOf(JSON.stringify([lanes, first, rounds, titles, selectedLane, edges])), key).toBe(said);
  }
});

/** In S4 mode, when B and C came: with their means. They stood there from the start, before the kernel had made them. */
const MEANS_CAME: Record<string, [b: number, c: number]> = {
  'selective-copy-s4 tokens 0 0 3': [45_888, 64_320],
  'time-invariant tokens 0 0 3': [48_896, 81_664],
};

test.each(names)('%s: pictures, tables and words are those of the pictures made by hand', async (name) => {
  const except = (key: string) => {
    const came = MEANS_CAME[key];
    const { strips } = (frozen as Record<string, { strips?: number[][] }>)[key]!;
    return came && { strips: strips!.map((old, i) => (i < 3 ? old : [...old.slice(0, 5), came[i - 3]!])) };
  };
  const parts = { axes: ['batch', 'channel', 'time'], pictures: { state, tokens, carry }, except };
  expect(await expectFrozen(selectiveScanExhibit, name, frozen, parts)).toBeGreaterThanOrEqual(4);
});
