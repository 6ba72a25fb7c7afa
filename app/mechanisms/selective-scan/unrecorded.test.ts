// What pictures and story say of runs whose kernels do not put a value on record: that, and neither a number nor "not yet".

import { expect, test } from 'vitest';
import type { Picture } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { shipped } from '../../exhibit/testing/frozen-scenes.ts';
import { sceneAt, wordsAt } from '../../exhibit/testing/scene-at.ts';
import { withoutRecord } from '../../exhibit/testing/without-record.ts';
import { selectiveScanExhibit } from './exhibit.ts';
import { scanExtents } from './scan-run.ts';
import { carry } from './views/carry.ts';
import { scanTree } from './views/scan-tree.ts';
import { state } from './views/state.ts';
import { tokens } from './views/tokens.ts';

async function without(name: string, ...values: string[]) {
  const run = values.reduce(withoutRecord, await shipped(`selective-scan-${name}`));
  const end = run.trace.steps.length;
  return {
    run,
    story: selectiveScanExhibit.story(run, []),
    words: <Scene>(picture: Picture<Scene>) => wordsAt(picture, run, end, { extents: scanExtents }),
    scene: <Scene>(picture: Picture<Scene>) => sceneAt(picture, run, end, { extents: scanExtents }),
  };
}

test('a scan without recorded states says so, and its output is there at the end', async () => {
  const { words, scene } = await without('fused', 'h');
  expect(words(tokens)).toBe('Channel 0: this run did not record D.');
  expect(words(state)).toBe('Channel 0: this run did not record S and D.');
  const { strips } = scene(state);
  expect(strips.map(({ id, note }) => [id, note])).toEqual([
    ['h', 'not recorded'],
    ['step', 'not recorded'],
    ['out', 'read back'],
  ]);
  expect(strips[2]!.values.every(Number.isFinite)).toBe(true);
});

test('where only states are missing, how far the scan is and what came out are still told', async () => {
  const run = withoutRecord(await shipped('selective-scan-unfused'), 'h');
  const end = run.trace.steps.length;
  expect(wordsAt(state, run, end)).toMatch(
    /^Channel \d+: time step 63 reached, of 0 to 63; this run did not record S\.$/,
  );
  const place = { kind: 'at', tensor: 'h', at: { channel: 0, state: 0, time: 3 } } as const;
  expect(state.status(sceneAt(state, run, end, { place }), { run, tick: end } as never)).toMatch(/: not recorded$/);
});

test('chunks whose ends were not recorded are not said to agree', async () => {
  for (const [value, missing] of [
    ['taken', 'those that chunks started from'],
    ['passed', 'the states carried out of chunks'],
  ] as const) {
    const { words, story } = await without('chunked', value);
    expect(words(carry)).toBe(`4 chunks; this run did not record ${missing}.`);
    expect(story).not.toContain('chunk border');
  }
  const { words, story } = await without('chunked');
  expect(words(carry)).toContain('every one that started took the state that was carried to it');
  expect(story).toContain('The state crosses 3 chunk borders.');
});

test.each(['blelloch', 'hillis-steele'])(
  '%s: a tree that was not recorded has no rounds, rather than none',
  async (name) => {
    const { words, story } = await without(name, 'left');
    expect(words(scanTree)).toBe('Nothing to draw: this run did not record its combines.');
    expect(story).toMatch(/ [\d,]+ combines in trees over 64 time steps\.$/);
  },
);

test('a product that was not recorded is not said to have stayed in range', async () => {
  expect((await without('trap-quotient')).story).toContain('The running product P fell below');
  expect((await without('trap-quotient', 'product')).story).not.toContain('running product');
});

test('a chunk of any channel that starts from another state is told, with its channel', async () => {
  const run = await shipped('selective-scan-chunked');
  const records = run.trace.records!.map((table) => {
    if (!table.values.some((name) => name.startsWith('taken['))) return table;
    const [channel, chunk] = ['channel', 'chunk'].map(
      (axis) => table.columns[table.values.length + table.at.indexOf(axis)]!,
    );
    const [first, ...others] = table.columns;
    const moved = first!.map((value, row) => (channel![row] === 1 && chunk![row] === 2 ? value + 1 : value));
    return { ...table, columns: [moved, ...others] };
  });
  const broken = { ...run, trace: Object.create(run.trace, { records: { value: records } }) };
  expect(selectiveScanExhibit.story(broken, [])).toContain('Chunk 2 of channel 1 did not start from the state');
});

test('which means are B’s and which C’s is told by what a pass reads, not by its turn', async () => {
  const run = await shipped('selective-scan-time-invariant');
  const [delta, ofB, ofC, ...others] = run.plan.passes;
  const turned = { ...run, id: 'turned', plan: { ...run.plan, passes: [delta!, ofC!, ofB!, ...others] } };
  const means = (of: Recording) => {
    const { strips } = sceneAt(tokens, of, of.trace.steps.length, { place: { kind: 'at', at: { channel: 1 } } });
    return strips.slice(3).map(({ values }) => [...values]);
  };
  const [b, c] = means(run);
  expect(b).not.toEqual(c);
  expect(means(turned)).toEqual([c, b]);
});

test('means of B and C are there once the kernel has made them; one that was recorded without a step is not', async () => {
  const run = await shipped('selective-scan-time-invariant');
  const shown = (tick: number, of = run) =>
    sceneAt(tokens, of, tick)
      .strips.slice(3)
      .map(({ values }) => values.filter((value) => !Number.isNaN(value)).length);
  const begins = (dispatch: number) => run.trace.steps.findIndex((step) => step.dispatch === dispatch);
  expect(shown(begins(1))).toEqual([0, 0]);
  expect(shown(begins(2))).toEqual([256, 0]);
  expect(shown(begins(3))).toEqual([256, 256]);
  const records = run.trace.records!.map((table) =>
    table.values.includes('mean') ? { ...table, step: table.step.map(() => 0xffffffff) } : table,
  );
  const late = { ...run, trace: Object.create(run.trace, { records: { value: records } }) };
  expect(shown(run.trace.steps.length, late)).toEqual([0, 0]);
});
