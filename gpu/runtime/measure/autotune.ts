// Finds the values of a kernel's `@tune` constants that are fastest on this device: a few interleaved rounds per candidate, the best
// so far running along in every batch, and the best of all batches in a last one. What was found is kept by device, kernel text and
// size class.

import { EngineError } from '../../core/errors.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { ids, loadMechanism } from '../../mechanisms/registry.ts';
import type { Tuning } from '../../plan/kernel-form.ts';
import type { Plan } from '../../plan/plan.ts';
import { tunables } from '../../wgsl/text/bake.ts';
import type { Engine, Experiment, Measurement } from '../api.ts';
import { verdict } from './statistics.ts';

/** Where results are kept. A page gives its local storage; both calls may throw, and then nothing is remembered. */
export interface TuneStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export interface AutotuneOptions {
  /** Interleaved rounds per candidate; 3 by default. */
  rounds?: number;
  store?: TuneStore;
  signal?: AbortSignal;
  /** Called with the share done, 0 … 1. */
  onProgress?: (share: number) => void;
}

export interface Trial {
  tuning: Tuning;
  measurement: Measurement;
}

export interface AutotuneResult {
  /** For the config's `tuning` key; empty where the kernel's own values are not shown to be slower than any. */
  tuning: Tuning;
  /**
   * Every candidate that ran, in the order tried, the kernel's own values first, each as it was last measured. Empty when
   * remembered.
   */
  trials: Trial[];
  /** Candidates that this device refused to compile or run. */
  failed: Tuning[];
  remembered: boolean;
  key: string;
}

/** Candidates timed together with the best so far; each has buffers of its own. */
const BATCH = 3;

/**
 * @param experiment a variant that has something to tune (`Mechanism.tunings`); every size in its config. A `tuning` in it is
 *   ignored
 * @throws EngineError unknown-mechanism, unsupported (nothing to tune), aborted, device-lost, and what planning throws
 */
export async function autotune(
  engine: Engine,
  experiment: Experiment,
  { rounds = 3, store, signal, onProgress }: AutotuneOptions = {},
): Promise<AutotuneResult> {
  const { raw, candidates, plan, key } = await questionOf(engine, experiment);
  const known = recall(store, key, candidates);
  if (known) return { tuning: known, trials: [], failed: [], remembered: true, key };

  const others = candidates.filter((tuning) => !isOwn(plan, tuning));
  const batches = Math.max(1, Math.ceil(others.length / BATCH));
  // Batches run one after the other, so what the best few took is not comparable yet: they meet once more, side by side.
  const hasFinal = batches > 1;
  const timeBeside = (tunings: Tuning[], batch: number) =>
    timeBatch(engine, { ...experiment, config: raw }, tunings, {
      rounds,
      signal,
      onProgress: (share) => onProgress?.((batch + share) / (batches + Number(hasFinal))),
    });
  const trials: Trial[] = [];
  const failed: Tuning[] = [];
  let best: Trial | undefined;
  for (let batch = 0; batch < batches; batch++) {
    const some = others.slice(batch * BATCH, (batch + 1) * BATCH);
    const timed = await timeBeside([best?.tuning ?? {}, ...some], batch);
    failed.push(...timed.failed);
    trials.push(...(best ? timed.trials.slice(1) : timed.trials));
    best = fastest(timed.trials);
  }
  if (hasFinal) {
    const rivals = trials.filter(({ tuning }) => tuning !== best?.tuning).sort(byMedian);
    const timed = await timeBeside(
      [best?.tuning ?? {}, ...rivals.slice(0, BATCH).map(({ tuning }) => tuning)],
      batches,
    );
    for (const again of timed.trials) trials[trials.findIndex(({ tuning }) => tuning === again.tuning)] = again;
    best = fastest(timed.trials);
  }
  const tuning = best?.tuning ?? {};
  onProgress?.(1);
  remember(store, key, tuning);
  return { tuning, trials, failed, remembered: false, key };
}

const byMedian = (a: Trial, b: Trial) => a.measurement.medianMs - b.measurement.medianMs;

/** The first, or what is shown to be faster than it: else noise would pick. */
function fastest(trials: readonly Trial[]): Trial | undefined {
  const [first, ...rest] = trials;
  let best = first;
  for (const trial of rest) {
    if (best && verdict(trial.measurement, best.measurement).faster === 'first') best = trial;
  }
  return best;
}

/**
 * What `store` holds for an experiment; measures nothing.
 *
 * @returns tuning null where it holds nothing that this device can run
 * @throws as `autotune`, but not aborted or device-lost
 */
export async function remembered(
  engine: Engine,
  experiment: Experiment,
  store: TuneStore,
): Promise<{ key: string; tuning: Tuning | null }> {
  const { candidates, key } = await questionOf(engine, experiment);
  return { key, tuning: recall(store, key, candidates) ?? null };
}

/** What there is to choose from, and under which key the answer is kept. A `tuning` in the config is left out. */
async function questionOf(engine: Engine, experiment: Experiment) {
  const mechanism = await requireMechanism(experiment);
  const { tuning: _ignored, ...raw } = experiment.config as Record<string, unknown>;
  const config = mechanism.resolve(raw);
  const { limits } = engine.adapter;
  const candidates = mechanism.tunings?.(experiment.variant, config, limits) ?? [];
  if (candidates.length === 0) {
    const message = `${experiment.mechanism}/${experiment.variant} has nothing to tune`;
    throw new EngineError('unsupported', message, { field: 'variant', value: experiment.variant });
  }
  const plan = mechanism.plan(experiment.variant, config, limits);
  return { raw, candidates, plan, key: tuneKey(engine, mechanism, experiment.variant, plan) };
}

async function requireMechanism({ mechanism: id }: Experiment): Promise<Mechanism> {
  const mechanism = await loadMechanism(id);
  if (mechanism) return mechanism;
  const limit = ids;
  throw new EngineError('unknown-mechanism', `there is no mechanism ${id}`, { field: 'mechanism', value: id, limit });
}

/** Whether a candidate is what the kernel is baked with anyway. */
function isOwn({ passes }: Plan, tuning: Tuning): boolean {
  return passes.some(({ constants }) => Object.entries(tuning).every(([name, value]) => constants[name] === value));
}

/** The first tuning must run. Should one of the others fail, all are timed one by one beside the first, and the bad ones named. */
async function timeBatch(
  engine: Engine,
  experiment: Experiment,
  tunings: Tuning[],
  options: { rounds: number; signal?: AbortSignal; onProgress?: (share: number) => void },
): Promise<Pick<AutotuneResult, 'trials' | 'failed'>> {
  const withTuning = (tuning: Tuning): Experiment => ({
    ...experiment,
    config: Object.keys(tuning).length === 0 ? experiment.config : { ...experiment.config, tuning },
  });
  const time = async (some: Tuning[]) => {
    const measurements = await engine.measure(some.map(withTuning), options);
    return some.map((tuning, index) => ({ tuning, measurement: measurements[index]! }));
  };
  try {
    return { trials: await time(tunings), failed: [] };
  } catch (error) {
    if (isFatal(error) || tunings.length === 1) throw error;
  }
  const [first, ...others] = tunings as [Tuning, ...Tuning[]];
  const trials = await time([first]);
  const failed: Tuning[] = [];
  for (const tuning of others) {
    try {
      trials.push(...(await time([tuning])));
    } catch (error) {
      if (isFatal(error)) throw error;
      failed.push(tuning);
    }
  }
  return { trials, failed };
}

function isFatal(error: unknown): boolean {
  return !(error instanceof EngineError) || ['aborted', 'device-lost', 'disposed'].includes(error.code);
}

/**
 * What a result holds for: this device, this text of the kernels, these baked shapes and flags, and sizes up to the next power of
 * two.
 */
export function tuneKey({ adapter }: Engine, mechanism: Mechanism, variant: string, { passes, buffers }: Plan): string {
  const { vendor, architecture, description, limits } = adapter;
  const device = [vendor, architecture, description, limits.subgroupMinSize, limits.subgroupMaxSize].join('/');
  const texts = new Map(
    mechanism.variants.flatMap(({ kernels }) => kernels.map(({ file, wgsl }) => [file, wgsl] as const)),
  );
  const kernels = passes.map(({ kernel, constants }) => {
    const wgsl = texts.get(kernel) ?? '';
    const fixed = tunables(wgsl)
      .filter(({ kind }) => kind !== 'tune')
      .map(({ name }) => `${name}=${constants[name]}`);
    return [kernel, hash(wgsl), ...fixed].join(' ');
  });
  const sizes = buffers.map(({ name, shape }) => {
    const elements = shape.reduce((product, extent) => product * extent, 1);
    return `${name}:${Math.ceil(Math.log2(Math.max(1, elements)))}`;
  });
  return ['tune', device, mechanism.id, variant, ...kernels, ...sizes].join('|');
}

/** FNV-1a, 32 bits. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16);
}

/** A remembered tuning, if it is still one that this device can run. */
function recall(store: TuneStore | undefined, key: string, candidates: Tuning[]): Tuning | undefined {
  try {
    const found: unknown = JSON.parse(store?.get(key) ?? 'null');
    if (typeof found !== 'object' || found === null) return undefined;
    if (Object.keys(found).length === 0) return {};
    const text = JSON.stringify(Object.entries(found).sort());
    return candidates.find((tuning) => JSON.stringify(Object.entries(tuning).sort()) === text);
  } catch {
    return undefined; // a store that is denied, or holds something else
  }
}

function remember(store: TuneStore | undefined, key: string, tuning: Tuning): void {
  try {
    store?.set(key, JSON.stringify(tuning));
  } catch {
    // Full or denied: the next page tunes again.
  }
}
