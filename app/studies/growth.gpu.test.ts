// Real Sessions: a state that does not grow, a KV cache that does, both to the byte.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '#gpu/index.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { Engine, Run, Session } from '#gpu/runtime/api.ts';
import type { Recording } from '../exhibit/recording.ts';
import type { StudyEngine, StudyRow } from '../exhibit/study.ts';
import { growthStudy } from './growth.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

/** Every Session and run that goes through the engine, to look at afterwards. */
function watched() {
  const runs: { mechanism: string; part: string; run: Run }[] = [];
  const held: Record<string, number>[] = [];
  let open = 0;
  const watching: StudyEngine = {
    adapter: engine.adapter,
    run: (...given) => engine.run(...given),
    async open(what, options) {
      const session = await engine.open(what, options);
      open += 1;
      held.push(session.bytes);
      return {
        bytes: session.bytes,
        read: (name) => session.read(name),
        write: (name, tensor, at) => session.write(name, tensor, at),
        crop: (length) => session.crop(length),
        async run(part, partOptions) {
          const run = await session.run(part, partOptions);
          runs.push({ mechanism: 'mechanism' in what ? what.mechanism : '', part, run });
          return run;
        },
        dispose() {
          open -= 1;
          session.dispose();
        },
      } satisfies Session;
    },
  };
  return { watching, runs, held, left: () => open };
}

/** What the study reads of a recording. */
function recordingOf(config: object, edited: Record<string, string> = {}): Recording {
  const mechanism = mechanisms.get('mamba-block')!;
  const kernels = mechanism.variants[0]!.kernels.map(({ file, wgsl }) => ({ file, wgsl: edited[file] ?? wgsl }));
  const resolved = mechanism.resolve(config);
  const what = { mechanism: mechanism.id, variant: 'fused', config: resolved, kernels, edited: Object.keys(edited) };
  return what as Partial<Recording> as Recording;
}

/** Rows of the run's own mechanism, and of the one that it is compared with. */
async function measured(
  recording: Recording,
  device: StudyEngine = engine,
  onShare = (_share: number) => {},
  signal = new AbortController().signal,
) {
  const rows: StudyRow[] = [];
  const onRow = (row: StudyRow, share: number) => {
    rows.push(row);
    onShare(share);
  };
  expect(await growthStudy.run(device, signal, onRow, recording)).toBeNull();
  const of = (id: string) => rows.filter(({ mechanism }) => mechanism === id);
  return { rows, state: of('mamba-block'), cache: of('attention') };
}

const MIXED = { batch: 3, dim: 12, seqlen: 50, dstate: 5, deltaRank: 2, width: 3, outDim: 6 };

test('the state has as many bytes after 4096 tokens as after 4, the KV cache is linear in them, and both equal their formulas', async () => {
  const { watching, runs, held, left } = watched();
  const shares: number[] = [];
  const { rows, state, cache } = await measured(recordingOf(MIXED), watching, (share) => shares.push(share));
  expect(rows.slice(0, 2)).toMatchObject([
    { mechanism: 'mamba-block', keeps: 'state', width: 6, own: 50 },
    { mechanism: 'attention', keeps: 'KV cache', width: 6, own: 50 },
  ]);
  const lengths = [4, 16, 50, 64, 256, 1024, 4096];
  expect(state.map(({ length }) => length)).toEqual(lengths);
  expect(cache.map(({ length }) => length)).toEqual(lengths);
  for (const { kept, closedForm, read, written, readOfKept } of state) {
    expect(kept).toBe(4 * 12 * (5 + 3 - 1));
    expect(closedForm).toBe(kept);
    // h once; of the filter's inputs two for the sum and one that moves up.
    expect(readOfKept).toBe(4 * 12 * (5 + 2 + 1));
    expect([read, written]).toEqual([state[0]!.read, state[0]!.written]);
  }
  for (const { length, kept, closedForm, read, readOfKept } of cache) {
    expect(kept).toBe(2 * 4 * Number(length) * 6);
    expect(closedForm).toBe(kept);
    expect(readOfKept).toBe(kept);
    expect(read).toBe(Number(kept) + 4 * 6);
  }
  for (const bytes of held.filter(({ ssm_state }) => ssm_state !== undefined)) {
    expect(bytes).toMatchObject({ conv_state: 4 * 12 * 2, ssm_state: 4 * 12 * 5 });
  }
  expect(left()).toBe(0);
  expect(shares.at(-1)).toBe(1);
  expect(shares).toHaveLength(2 * lengths.length);
  const steps = runs.filter(({ part, mechanism }) => part === (mechanism === 'attention' ? 'run' : 'step'));
  expect(steps).toHaveLength(2 * lengths.length);
  expect(runs.filter(({ part }) => part === 'prefill')).toHaveLength(lengths.length);
  for (const { run } of steps) {
    const tensors = Object.values(run.outputs);
    expect(tensors.length).toBeGreaterThan(0);
    for (const { data } of tensors) expect(data.every(Number.isFinite)).toBe(true);
    expect(run.trace!.matchesPlain).toBe(true);
  }
  // The state after the prefill is what the step goes on from: after different pasts the same token gives different outputs.
  const after = runs.filter(({ part }) => part === 'step').map(({ run }) => [...run.outputs.out_step!.data].join());
  expect(new Set(after).size).toBe(lengths.length);
});

test('it is the kernel on screen: one edited to read its state twice is counted reading it twice', async () => {
  const file = 'selective-state-update.wgsl';
  const kernel = mechanisms.get('mamba-block')!.variants[0]!.kernels.find((each) => each.file === file)!;
  const once = '* state[row * N + n] + input';
  expect(kernel.wgsl.split(once)).toHaveLength(2);
  const config = { ...MIXED, seqlen: 4 };
  const plain = await measured(recordingOf(config));
  const twice = kernel.wgsl.replace(once, `* state[row * N + n] + 0.0 ${once}`);
  const edited = await measured(recordingOf(config, { [file]: twice }));
  const [before, now] = [plain, edited].map(({ state }) => state[0]!);
  expect(Number(now!.readOfKept) - Number(before!.readOfKept)).toBe(4 * 12 * 5);
  expect(now!.kept).toBe(before!.kept);
});

test('settings that hold means over the whole sequence have no next token, and say so', async () => {
  await expect(measured(recordingOf({ ...MIXED, mode: 's4' }))).rejects.toMatchObject({
    code: 'unsupported',
    field: 'mode',
  });
});

test('a stop between two lengths leaves no Session open', async () => {
  const { watching, left, runs } = watched();
  const stop = new AbortController();
  const stopNow = () => stop.abort();
  await expect(measured(recordingOf(MIXED), watching, stopNow, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(left()).toBe(0);
  expect(runs).toHaveLength(3);
});
