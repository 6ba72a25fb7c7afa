// One problem, all contestants live: agreement with float64 first, then rounds that alternate their order A … Z, Z … A.

import { median } from '../gpu/runtime/measure/statistics.ts';
import type { Contestant, Entry } from './contestant.ts';
import type { Problem } from './problem.ts';
import { type Estimate, medianOf, ratioOf } from './statistics.ts';

export interface RaceOptions {
  rounds: number;
  /** Shortest sample, ms: shorter runs are repeated. */
  sampleMs: number;
  /** A contestant spends at most this long on a problem, ms: slow ones get fewer rounds. */
  budgetMs: number;
  say(line: string): void;
  /** Processor time of the browser's GPU process so far, ms; null where it is not known or means nothing. */
  processorMs(): Promise<number | null>;
}

export interface Result {
  name: string;
  webgpu: boolean;
  /** ok; wrong: not within the tolerance, so not raced; failed: threw; absent: the library has no such operation. */
  status: 'ok' | 'wrong' | 'failed' | 'absent' | 'too slow';
  message?: string;
  /** Largest error found. */
  error?: number;
  /** First run, compiling included, ms. */
  firstMs?: number;
  samplesMs: number[];
  /** The same samples by the processor time of the GPU process, where that is where the adapter computes. */
  processorSamplesMs: number[];
  processorRatio?: Estimate;
  median?: Estimate;
  /** Its median over that of the first contestant. */
  ratio?: Estimate;
}

interface Runner {
  result: Result;
  entry: Entry;
  repeats: number;
  rounds: number;
}

async function timed(entry: Entry, times: number): Promise<number> {
  const started = performance.now();
  await entry.run(times);
  return (performance.now() - started) / times;
}

/** @returns largest error over the places that are known; ∞ for a number that is none, or a missing place */
function errorOf(output: ArrayLike<number>, { expected }: Problem): number {
  let largest = 0;
  for (const [place, value] of expected) {
    const error = Math.abs(output[place]! - value);
    largest = Math.max(largest, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return largest;
}

async function prepare(contestant: Contestant, problem: Problem, options: RaceOptions): Promise<Runner | Result> {
  const { name, webgpu } = contestant;
  const result: Result = { name, webgpu, status: 'ok', samplesMs: [], processorSamplesMs: [] };
  let entry: Entry | undefined;
  try {
    const started = performance.now();
    entry = await contestant.enter(problem);
    if (!entry) return { ...result, status: 'absent' };
    await entry.run(1);
    result.firstMs = performance.now() - started;
    result.error = errorOf(await entry.read(), problem);
    if (!(result.error <= problem.tolerance)) {
      await entry.dispose();
      return { ...result, status: 'wrong' };
    }
    const one = await timed(entry, 1);
    const repeats = Math.max(1, Math.min(64, Math.ceil(options.sampleMs / one)));
    const rounds = Math.max(1, Math.min(options.rounds, Math.floor(options.budgetMs / (one * repeats))));
    return { result, entry, repeats, rounds };
  } catch (error) {
    await entry?.dispose();
    return { ...result, status: 'failed', message: String((error as Error).message ?? error).slice(0, 200) };
  }
}

/** One sample: wall clock and, where known, processor time of one of `times` runs, ms. */
export async function sampleEntry(entry: Entry, times: number, { processorMs }: RaceOptions) {
  const before = await processorMs();
  const wallMs = await timed(entry, times);
  const after = await processorMs();
  return { wallMs, processorMs: before === null || after === null ? undefined : (after - before) / times };
}

/** @param contestants the first one is what the others are compared with */
export async function race(problem: Problem, contestants: Contestant[], options: RaceOptions): Promise<Result[]> {
  const prepared: (Runner | Result)[] = [];
  for (const contestant of contestants) prepared.push(await prepare(contestant, problem, options));
  const runners = prepared.filter((each): each is Runner => 'entry' in each);
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const runner of round % 2 === 0 ? runners : [...runners].reverse()) {
        if (round >= runner.rounds) continue;
        const { wallMs, processorMs } = await sampleEntry(runner.entry, runner.repeats, options);
        runner.result.samplesMs.push(wallMs);
        if (processorMs !== undefined) runner.result.processorSamplesMs.push(processorMs);
      }
    }
  } finally {
    for (const { entry } of runners) await entry.dispose();
  }
  const results = prepared.map((each) => ('entry' in each ? each.result : each));
  const base = results[0]!;
  for (const result of results) {
    if (result.samplesMs.length === 0) continue;
    result.median = medianOf(result.samplesMs);
    if (base.samplesMs.length > 0) result.ratio = ratioOf(result.samplesMs, base.samplesMs);
    if (result.webgpu && result.processorSamplesMs.length > 0 && base.processorSamplesMs.length > 0) {
      result.processorRatio = ratioOf(result.processorSamplesMs, base.processorSamplesMs);
    }
  }
  const line = (result: Result) =>
    `${result.name} ${result.median ? `${median(result.samplesMs).toFixed(1)} ms [${result.ratio?.value.toFixed(2)}, processor ${result.processorRatio?.value.toFixed(2)}]` : result.status}`;
  options.say(`${problem.title}: ${results.map(line).join(' · ')}`);
  return results;
}
