// The benchmark's page: everything in one page on one adapter. `scripts/bench.mjs` opens it and calls `runBenchmark`.

import { mechanisms } from '../gpu/mechanisms/all.ts';
import { models } from '../gpu/model/all.ts';
import type { AdapterFacts } from '../gpu/runtime/api.ts';
import { DirectEngine } from '../gpu/runtime/engine.ts';
import type { Contestant } from './contestant.ts';
import { jax } from './contestants/jax.ts';
import { ortContestants } from './contestants/ort.ts';
import { experimentOf, ours, planOf } from './contestants/ours.ts';
import { tfjs } from './contestants/tfjs.ts';
import { type Limit, limits } from './limits.ts';
import { attention, gemm, layernorm, type Problem, prefixSum, softmax } from './problem.ts';
import { type RaceOptions, type Result, race } from './race.ts';
import { roofs } from './roofs/roofs.ts';
import { type Estimate, exponentOf, medianOf } from './statistics.ts';

export interface BenchmarkOptions {
  rounds: number;
  /** Kinds of problems to run; all when empty. */
  only: string[];
  /** Largest n of attention. */
  largest: number;
  /** Whether contestants besides ours and jax-js take part. */
  everyone: boolean;
}

export interface Report {
  adapter: AdapterFacts;
  userAgent: string;
  /** First result of our attention at n = 512 in a page that had compiled nothing, ms. */
  coldMs: number;
  /** Kernel files that ours ran, by problem. */
  kernels: Record<string, string>;
  races: { problem: Omit<Problem, 'inputs' | 'expected'>; results: Result[] }[];
  roofs: { name: string; unit: string; rate: Estimate }[];
  exponents: { causal: boolean; estimate: Estimate }[];
  /** Share of the multiply-add roof that ours reached, by problem. */
  shares: Record<string, number>;
  /** What the time of our attention goes into. */
  parts: Limit[];
  /** Bytes beyond inputs and outputs, by problem. */
  extraBytes: Record<string, number>;
}

const SIZES = [256, 512, 1024, 2048];

function problems({ only, largest }: BenchmarkOptions): (() => Problem)[] {
  const all: [string, () => Problem][] = [
    ...SIZES.filter((n) => n <= largest).flatMap((n): [string, () => Problem][] => [
      ['attention', () => attention(n, false)],
      ['attention', () => attention(n, true)],
    ]),
    ['gemm', () => gemm(512)],
    ['gemm', () => gemm(1024)],
    ['prefix-sum', () => prefixSum(1024, 64)],
    ['prefix-sum', () => prefixSum(1024, 256)],
    ['softmax', () => softmax(2048, 512)],
    ['layernorm', () => layernorm(2048, 512)],
  ];
  return all.filter(([kind]) => only.length === 0 || only.includes(kind)).map(([, make]) => make);
}

/** The first result of a new page: opening the device is not counted, compiling and reading back are. */
async function coldStart(engine: DirectEngine): Promise<number> {
  const problem = attention(512, false);
  const { experiment, shapes } = experimentOf(problem);
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      { dtype: 'f32' as const, shape, data: problem.inputs[name]! },
    ]),
  );
  const started = performance.now();
  const { outputs } = await engine.run(experiment, { inputs });
  const elapsed = performance.now() - started;
  const [place, value] = problem.expected[0]!;
  if (Math.abs(outputs.out!.data[place]! - value) > problem.tolerance) throw new Error('the first result is wrong');
  return elapsed;
}

async function openContestants(
  engine: DirectEngine,
  everyone: boolean,
  say: (line: string) => void,
): Promise<Contestant[]> {
  const contestants: Contestant[] = [ours(engine.context)];
  const openers: [string, () => Promise<Contestant | Contestant[]>][] = [
    ['jax-js', jax],
    ...(everyone
      ? ([
          ['ONNX Runtime', ortContestants],
          ['TensorFlow.js', tfjs],
        ] as [string, () => Promise<Contestant | Contestant[]>][])
      : []),
  ];
  for (const [name, open] of openers) {
    try {
      contestants.push(...[await open()].flat());
    } catch (error) {
      say(`${name} does not open: ${(error as Error).message}`);
    }
  }
  return contestants;
}

export async function runBenchmark(options: BenchmarkOptions): Promise<Report> {
  const say = (line: string) => console.log(line);
  const engine = await DirectEngine.open({}, { mechanisms, models });
  const { adapter, context } = engine;
  const coldMs = await coldStart(engine);
  say(`first result after ${coldMs.toFixed(0)} ms`);
  const contestants = await openContestants(engine, options.everyone, say);
  const processorMs = () => (adapter.isSoftware && window.processorMs ? window.processorMs() : Promise.resolve(null));
  const raceOptions: RaceOptions = { rounds: options.rounds, sampleMs: 60, budgetMs: 20_000, say, processorMs };

  const allowed = await roofs(context, adapter.isSoftware ? 1 : 64);
  const roofSamples = allowed.map((): number[] => []);
  const sampleRoofs = async () => {
    for (const [index, { entry, amount }] of allowed.entries()) {
      const started = performance.now();
      await entry.run(1);
      roofSamples[index]!.push(amount / (performance.now() - started) / 1e6);
    }
  };
  await sampleRoofs();
  for (const samples of roofSamples) samples.length = 0; // the first run warmed up

  const races: Report['races'] = [];
  const slow = new Set<string>();
  const kernels: Record<string, string> = {};
  const extraBytes: Record<string, number> = {};
  for (const make of problems(options)) {
    const problem = make();
    await sampleRoofs();
    // Attention takes four times as long at twice the size: who needed seconds is spared the next one.
    const isSlow = (name: string) => problem.kind === 'attention' && slow.has(name);
    const results = await race(
      problem,
      contestants.filter(({ name }) => !isSlow(name)),
      raceOptions,
    );
    for (const { name, webgpu } of contestants.filter((each) => isSlow(each.name))) {
      results.push({ name, webgpu, status: 'too slow', samplesMs: [], processorSamplesMs: [] });
    }
    for (const { name, median } of results) {
      if (problem.kind === 'attention' && problem.causal && (median?.value ?? 0) > 2500) slow.add(name);
    }
    const { inputs: _inputs, expected: _expected, ...facts } = problem;
    races.push({ problem: facts, results });
    const { experiment } = experimentOf(problem);
    const { plan } = planOf(context, problem);
    kernels[problem.title] = plan.passes.map(({ kernel }) => kernel).join(', ');
    extraBytes[problem.title] = plan.buffers
      .filter(
        ({ role, name }) =>
          role === 'scratch' && plan.passes.some(({ bindings }) => Object.values(bindings).includes(name)),
      )
      .reduce((sum, { shape }) => sum + 4 * shape.reduce((product, extent) => product * extent, 1), 0);
    say(`  by ${experiment.mechanism}/${experiment.variant}: ${kernels[problem.title]}`);
  }
  await sampleRoofs();
  const parts =
    options.only.length === 0 || options.only.includes('attention') ? await limits(context, raceOptions) : [];

  const rates = allowed.map(({ name, unit }, index) => ({ name, unit, rate: medianOf(roofSamples[index]!) }));
  const fmaRoof = Math.max(...roofSamples[0]!);
  const shares: Record<string, number> = {};
  for (const { problem, results } of races) {
    const { median } = results[0]!;
    if (median && problem.flop > 0) shares[problem.title] = problem.flop / median.value / 1e6 / fmaRoof;
  }
  const exponents = [false, true].flatMap((causal) => {
    const series = races
      .filter(({ problem }) => problem.kind === 'attention' && problem.causal === causal)
      .map(({ problem, results }) => ({ size: problem.shape[0]!, samples: results[0]!.samplesMs }))
      .filter(({ samples }) => samples.length > 0);
    return series.length >= 3 ? [{ causal, estimate: exponentOf(series) }] : [];
  });
  for (const { entry } of allowed) await entry.dispose();
  engine.dispose();
  return {
    adapter,
    userAgent: navigator.userAgent,
    coldMs,
    kernels,
    races,
    roofs: rates,
    exponents,
    shares,
    parts,
    extraBytes,
  };
}

declare global {
  interface Window {
    runBenchmark: typeof runBenchmark;
    /** From scripts/bench.mjs. */
    processorMs?: () => Promise<number | null>;
  }
}
window.runBenchmark = runBenchmark;
