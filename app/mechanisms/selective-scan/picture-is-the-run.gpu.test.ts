// The picture is the run: real recordings, and an edited kernel whose fault the views must show.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { selectiveScan } from '#gpu/mechanisms/selective-scan/selective-scan.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import { held } from '#gpu/trace/held.ts';
import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import { hbmBytes } from '../../exhibit/moved-bytes.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { sceneAt } from '../../exhibit/testing/scene-at.ts';
import type { ViewSpec } from '../../exhibit/view.ts';
import { loadWholeView } from '../../exhibit/whole-view.ts';
import { sourceScene } from '../../pictures/source/source-scene.ts';
import { timeline } from '../../pictures/timeline/timeline.ts';
import { selectiveScanExhibit } from './exhibit.ts';
import { scanExtents } from './scan-run.ts';
import { copied } from './story.ts';
import { editKernel, recordRun } from './testing/record-run.ts';
import { brokenChunks, carry } from './views/carry.ts';
import { scanTree } from './views/scan-tree.ts';
import { state as stateView } from './views/state.ts';
import { tokens } from './views/tokens.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const SMALL = { batch: 2, dim: 3, dstate: 6, seqlen: 24, channels: 4, time: 8, chunk: 8, scan: 8 };
const end = ({ trace }: Recording) => trace.steps.length;
const row = (batch: number, channel: number, time: number): Place => ({ kind: 'at', at: { batch, channel, time } });

/** States of a channel after every time step, by the definition: last states of shortened scans. */
function expectedStates({ config, inputs }: Recording, batch: number, channel: number): number[][] {
  const { seqlen, dim, dstate } = config as { seqlen: number; dim: number; dstate: number };
  return Array.from({ length: seqlen }, (_, time) => {
    const cut = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [
        name,
        { data: shape.at(-1) === seqlen && shape.length > 1 ? data.filter((__, i) => i % seqlen <= time) : data },
      ]),
    );
    const { last_state } = selectiveScan.reference(
      { ...selectiveScan.resolve(config), seqlen: time + 1 },
      cut as never,
    );
    return Array.from({ length: dstate }, (__, n) => last_state!.data[(batch * dim + channel) * dstate + n]!);
  });
}

describe('whole runs', () => {
  for (const variant of ['sequential', 'unfused', 'hillis-steele', 'blelloch', 'chunked']) {
    test(`${variant}: the states drawn are those of the definition, and all pictures end at the counters`, async () => {
      const recording = await recordRun(engine, { variant, config: SMALL });
      for (const [batch, channel] of [
        [0, 0],
        [1, 2],
      ] as const) {
        const h = held(recording.trace, 'h', { state: 6, time: 24 }, { batch, channel }).values;
        expectedStates(recording, batch, channel).forEach((states, t) => {
          states.forEach((state, n) => {
            expect(Math.abs(h[n * 24 + t]! - state), `${variant} h[${n}] at ${t}`).toBeLessThan(2e-5);
          });
        });
        const scene = sceneAt(stateView, recording, end(recording), { place: row(batch, channel, 3) });
        for (const { values } of scene.strips) expect(values.some(Number.isNaN)).toBe(false);
        expect(sceneAt(stateView, recording, 0).strips[0]!.values.every(Number.isNaN)).toBe(true);
      }
      const moved = recording.trace.totals
        .filter(({ buffer }) => recording.trace.buffers.find(({ name }) => name === buffer)!.space === 'storage')
        .reduce((sum, { loadBytes, storeBytes }) => sum + loadBytes + storeBytes, 0);
      expect(hbmBytes(recording)).toBe(moved);
      const memory = (selectiveScanExhibit.views[1] as ViewSpec).table({
        recording,
        tick: end(recording),
        selection: null,
        others: [],
      });
      const drawn = memory.rows.filter((cells) => cells[1] === 'HBM').reduce((sum, cells) => sum + Number(cells[3]), 0);
      expect(drawn).toBe(moved);
      expect(selectiveScanExhibit.story(recording, [])).not.toMatch(/differs|did not/);
      for (const view of await Promise.all(selectiveScanExhibit.views.map(loadWholeView))) {
        const state = { recording, tick: end(recording), selection: null, others: [] };
        expect(view.summary(state).length, view.id).toBeGreaterThan(20);
        expect(view.table(state).columns.length, view.id).toBeGreaterThan(1);
      }
    });
  }

  test('the tree of a parallel scan has the combines and rounds it should', async () => {
    for (const [variant, combines, rounds] of [
      ['hillis-steele', 8 * 3 - 7, 3],
      ['blelloch', 14, 6],
    ] as const) {
      const recording = await recordRun(engine, { variant, config: SMALL });
      const scene = sceneAt(scanTree, recording, end(recording), { place: row(1, 2, 17) });
      expect([scene.edges.length, scene.rounds, scene.stretch]).toEqual([combines, rounds, 2]);
      expect(scene.inAll).toBe(recording.trace.events.combine);
      expect(scene.edges.every(({ state }) => state !== 'later')).toBe(true);
      expect(sceneAt(scanTree, recording, 0).edges.every(({ state }) => state === 'later')).toBe(true);
    }
  });

  test('S4 mode draws one Δ, B and C for all tokens', async () => {
    const recording = await recordRun(engine, { variant: 'sequential', config: { ...SMALL, mode: 's4' } });
    const { strips } = sceneAt(tokens, recording, end(recording));
    for (const id of ['step', 'B', 'C']) {
      const { values, rows } = strips.find((strip) => strip.id === id)!;
      for (let n = 0; n < rows; n++) {
        const own = values.slice(n * 24, (n + 1) * 24);
        expect(new Set(own).size, `${id}[${n}]`).toBe(1);
        expect(own[0]).not.toBeNaN();
      }
    }
  });

  test('a sentence: Δ opens on its marked words only, and they come back', async () => {
    const text = 'the *cat sat on the *mat';
    const recording = await recordRun(engine, { variant: 'sequential', config: { channels: 4 }, text });
    const { strips, stream } = sceneAt(tokens, recording, end(recording));
    const delta = strips.find(({ id }) => id === 'step')!.values;
    const open = stream!.labels.filter((_, t) => delta[t]! > 0.5);
    expect(open).toEqual(['*cat', '*mat']);
    expect(copied(recording)).toEqual({ right: 2, asked: 2 });
    expect(selectiveScanExhibit.story(recording, [])).toContain('2 of 2 tokens');
  });
});

describe('a kernel that skips the carry of one chunk', () => {
  const skips = editKernel(
    'chunk-carry.wgsl',
    'for (var chunk = 0u; chunk < params.chunks; chunk++) {\n',
    'for (var chunk = 0u; chunk < params.chunks; chunk++) {\n    if (chunk == 1u) { continue; }\n',
  );
  let good: Recording;
  let bad: Recording;
  beforeAll(async () => {
    const config = { ...SMALL, batch: 1 };
    good = await recordRun(engine, { variant: 'chunked', config });
    bad = await recordRun(engine, { variant: 'chunked', config, sources: skips });
  });

  test('carry: the chunk starts from another state than was carried out', () => {
    expect(brokenChunks(good, end(good), { batch: 0, channel: 0 })).toEqual([]);
    // Chunk 1 was left with its own end; what was carried out of it was never recorded, so chunk 2 has nothing to agree with.
    expect(brokenChunks(bad, end(bad), { batch: 0, channel: 0 })).toEqual([1]);
    const passed = sceneAt(carry, bad, end(bad), { extents: scanExtents }).strips[1]!.values;
    expect(Number.isNaN(passed[1]!)).toBe(true);
  });

  test('carry: an arrow crosses a chunk border once both sides are recorded; a forgotten carry has none or a broken one', () => {
    const arrows = (recording: Recording, tick: number) =>
      sceneAt(carry, recording, tick, { extents: scanExtents }).links!.map(({ from, to, broken }) => [
        from,
        to,
        broken,
      ]);
    expect(arrows(good, 0)).toEqual([]);
    expect(arrows(good, end(good))).toEqual([
      [0, 1, false],
      [1, 2, false],
    ]);
    expect(arrows(bad, end(bad))).toEqual([[0, 1, true]]);
  });

  test('state: from that chunk on, and not before, the states are others', () => {
    const states = (recording: Recording) => sceneAt(stateView, recording, end(recording)).strips[0]!.values;
    const differs = [...states(good)].map((value, i) => (Object.is(value, states(bad)[i]) ? -1 : i % 24));
    expect(Math.min(...differs.filter((t) => t >= 0))).toBe(8);
  });

  test('tokens: Δ is the same, so the fault is not there', () => {
    const delta = (recording: Recording) => sceneAt(tokens, recording, end(recording)).strips[1]!.values;
    expect(delta(bad)).toEqual(delta(good));
  });

  test('memory, timeline and source: fewer bytes, fewer steps, the edited line', () => {
    expect(hbmBytes(good) - hbmBytes(bad)).toBe(3 * 6 * 3 * 4); // 3 channels, 6 states: load and store of S, load of ΣΔ
    expect(sceneAt(timeline(), good, 0).steps).toBeGreaterThan(sceneAt(timeline(), bad, 0).steps);
    expect(indexOfTrace(bad.trace).steps).toBeLessThan(indexOfTrace(good.trace).steps);
    const text = (recording: Recording) =>
      sourceScene(recording, end(recording), 'chunk-carry.wgsl')
        .lines.map(({ tokens }) => tokens.map((token) => token.text).join(''))
        .join('\n');
    expect(text(bad)).toContain('continue;');
    expect(text(good)).not.toContain('continue;');
  });

  test('story: it says so', () => {
    expect(selectiveScanExhibit.story(good, [])).toContain('crosses 2 chunk borders');
    expect(selectiveScanExhibit.story(bad, [])).toContain('Chunk 1 of channel 0 did not start');
    expect(selectiveScanExhibit.story(bad, [])).toContain('edited');
  });
});
