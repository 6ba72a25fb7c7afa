// Tunes a kernel's constants to this device and remembers what was found, with the measurements behind it, in the browser's storage.
// Loaded only for kernels that have something to tune.

import { z } from '#gpu/core/schema.ts';
import type { KernelForm, Tuning } from '#gpu/plan/kernel-form.ts';
import type { PassSpec } from '#gpu/plan/plan.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type * as Autotune from '#gpu/runtime/measure/autotune.ts';
import type { TuningResult, TuningState } from '../../exhibit/results.ts';
import { type PreparedRun, withTuning } from '../run/prepared-run.ts';
import { adapterLabel } from '../run/recording-of-run.ts';
import type { Experiment } from '../stores/experiment.ts';

export interface TuneOptions {
  signal: AbortSignal;
  onProgress(share: number): void;
}

export interface Tuner {
  /**
   * The run with the constants remembered for it, unless `settings` (the page's own config) name some; and what there is to say. A run
   * with nothing to tune comes back as it is.
   *
   * @throws EngineError bad-config, limit-exceeded
   */
  apply(engine: Engine, prepared: PreparedRun, settings: Experiment['config']): Promise<PreparedRun>;
  /** Measures the candidates, whatever is remembered. @throws EngineError aborted, device-lost, and what measuring throws */
  tune(engine: Engine, prepared: PreparedRun, options: TuneOptions): Promise<TuningState>;
  /** Forgets what was found for a run; it is then not tuned again without being asked. */
  forget(tuned: TuningState): void;
}

/** What is kept under a key. Trials that are not whole are dropped, and the rest is used. */
const times = z.array(z.number().check(z.gte(0)));
const tuningRecord = z.record(z.string(), z.int().check(z.gte(1)));
const recordSchema = z.object({
  tuning: tuningRecord,
  trials: z.catch(
    z.array(
      z.object({
        tuning: tuningRecord,
        measurement: z.object({
          medianMs: z.number().check(z.gte(0)),
          ci95Ms: z.tuple([z.number(), z.number()]),
          samplesMs: times,
          rounds: z.int(),
        }),
      }),
    ),
    [],
  ),
  failed: z.catch(z.array(tuningRecord), []),
  tookMs: z.catch(z.number(), 0),
  at: z.catch(z.number(), 0),
  inputs: z.catch(z.string(), ''),
});
type Kept = Omit<TuningResult, 'recalled'>;

/** Other pages of this origin may keep things too. */
const PREFIX = 'tilescope:';

/**
 * @param runtime the engine's own choosing; only the run controller may import it
 * @param storage may throw, as may everything done with it: then what is found lasts until the page is closed
 * @param now milliseconds, monotonic
 */
export function createTuner(runtime: typeof Autotune, storage: () => Storage, now: () => number): Tuner {
  const visit = new Map<string, TuningResult>();
  const forgotten = new Set<string>();
  let denied = false;

  function attempt<T>(work: (where: Storage) => T): T | null {
    try {
      return work(storage());
    } catch {
      denied = true;
      return null;
    }
  }

  function read(key: string): TuningResult | null {
    const known = visit.get(key);
    if (known) return known;
    const text = attempt((where) => where.getItem(PREFIX + key));
    const parsed = recordSchema.safeParse(parseJson(text));
    return parsed.success ? { ...parsed.data, recalled: true } : null;
  }

  function keep(key: string, result: Kept): void {
    visit.set(key, { ...result, recalled: false });
    attempt((where) => where.setItem(PREFIX + key, JSON.stringify(result)));
  }

  async function recall(engine: Engine, prepared: PreparedRun, constants: Constants) {
    let found: TuningResult | null = null;
    const { key, tuning } = await runtime.remembered(engine, prepared.experiment, {
      get: (asked) => {
        found = read(asked);
        // The engine knows the kernel's own values as an empty tuning.
        return found && JSON.stringify(sameAs(found.tuning, constants.own) ? {} : found.tuning);
      },
      set: () => {},
    });
    return { key, result: tuning ? (found as TuningResult | null) : null };
  }

  return {
    async apply(engine, prepared, settings) {
      const constants = constantsOf(prepared, engine);
      if (!constants) return prepared;
      const { key, result } = await recall(engine, prepared, constants);
      const named = settings.tuning !== undefined;
      const isTuned = !named && result !== null;
      const { pass, own, candidates } = constants;
      const { limits, isSoftware } = engine.adapter;
      const run = isTuned && !sameAs(result.tuning, own) ? withTuning(prepared, result.tuning, limits) : prepared;
      const form = formOf(prepared);
      const tuned: TuningState = {
        key,
        kernel: pass.kernel,
        form: form && { id: form, named: settings.form !== undefined && settings.form !== 'auto' },
        device: {
          label: adapterLabel(engine.adapter),
          isSoftware,
          subgroupMinSize: limits.subgroupMinSize ?? 0,
          subgroupMaxSize: limits.subgroupMaxSize ?? 0,
        },
        own,
        used: pick(constantsPass(run, Object.keys(own)).constants, Object.keys(own)),
        from: named ? 'settings' : isTuned ? 'measured' : 'own',
        candidates,
        edited: prepared.edited,
        kept: !denied,
        result,
        startsByItself: !named && !isTuned && prepared.edited.length === 0 && !forgotten.has(key),
      };
      return { ...run, tuned };
    },

    async tune(engine, prepared, { signal, onProgress }) {
      const constants = constantsOf(prepared, engine);
      const tuned = prepared.tuned;
      if (!constants || !tuned) throw new Error('a run with nothing to tune was to be tuned');
      const began = now();
      const { tuning, trials, failed, key } = await runtime.autotune(engine, prepared.experiment, {
        signal,
        onProgress,
      });
      const whole = (some: Tuning): Tuning => ({ ...constants.own, ...some });
      const result: Kept = {
        tuning: whole(tuning),
        trials: trials.map(({ tuning: tried, measurement: { medianMs, ci95Ms, samplesMs, rounds } }) => ({
          tuning: whole(tried),
          measurement: { medianMs, ci95Ms, samplesMs, rounds },
        })),
        failed: failed.map(whole),
        tookMs: now() - began,
        at: Date.now(),
        inputs: inputsText(prepared),
      };
      keep(key, result);
      forgotten.delete(key);
      return { ...tuned, key, kept: !denied, result: { ...result, recalled: false }, startsByItself: false };
    },

    forget({ key }) {
      visit.delete(key);
      forgotten.add(key);
      attempt((where) => where.removeItem(PREFIX + key));
    },
  };
}

interface Constants {
  pass: PassSpec;
  /** Values without a tuning. */
  own: Tuning;
  candidates: number;
}

/** The constants that can be tuned; null where there are none. */
function constantsOf({ mechanism, variant, config }: PreparedRun, { adapter }: Engine): Constants | null {
  const { tuning: _ignored, ...raw } = config;
  const untuned = mechanism.resolve(raw);
  const candidates = mechanism.tunings?.(variant.id, untuned, adapter.limits) ?? [];
  const names = Object.keys(candidates[0] ?? {});
  if (names.length === 0) return null;
  const pass = constantsPass({ plan: mechanism.plan(variant.id, untuned, adapter.limits) }, names);
  return { pass, own: pick(pass.constants, names), candidates: candidates.length };
}

function constantsPass({ plan }: Pick<PreparedRun, 'plan'>, names: string[]): PassSpec {
  const pass = plan.passes.find(({ constants }) => names.every((name) => Object.hasOwn(constants, name)));
  if (!pass) throw new Error(`no kernel of the plan has the constants ${names.join(', ')}`);
  return pass;
}

const pick = (constants: PassSpec['constants'], names: string[]): Tuning =>
  Object.fromEntries(names.map((name) => [name, Number(constants[name])]));

const sameAs = (a: Tuning, b: Tuning) => Object.keys(b).every((name) => a[name] === b[name]);

/** `prepareRun` writes down the form that runs. */
const formOf = ({ config }: PreparedRun) => (config.form as KernelForm | undefined) ?? null;

/** 'q [1, 64, 1, 32], k [1, 64, 1, 32], …'. */
function inputsText({ plan }: PreparedRun): string {
  const inputs = plan.buffers.filter(({ role }) => role === 'input');
  return inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
