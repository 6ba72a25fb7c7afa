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

test.each(names)('%s: pictures, tables and words are those of the pictures made by hand', async (name) => {
  const parts = { axes: ['batch', 'channel', 'time'], pictures: { state, tokens, carry } };
  expect(await expectFrozen(selectiveScanExhibit, name, frozen, parts)).toBeGreaterThanOrEqual(4);
});
