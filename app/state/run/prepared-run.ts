// From what is on screen to what the engine is asked to run. Pure. What the page must know before it asks is worked out here: sizes, and
// with them whether the device takes them and the run can be watched, and the constants to choose from; what ran, the engine says.

import { EngineError } from '#gpu/core/errors.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Config, Limits, Mechanism, Variant } from '#gpu/mechanisms/mechanism.ts';
import { chooseForm } from '#gpu/plan/choose-form.ts';
import type { KernelForm, Tuning } from '#gpu/plan/kernel-form.ts';
import type { Plan } from '#gpu/plan/plan.ts';
import type { Experiment as EngineExperiment } from '#gpu/runtime/api.ts';
import { withValuesOf } from '#gpu/wgsl/text/bake.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { TuningState } from '../../exhibit/results.ts';
import type { Experiment } from '../stores/experiment.ts';
import { excessOf, tooLong } from './watch-limits.ts';

/** Input that does not come from the seed: a sentence's or a file's tensors. */
export interface GivenInput {
  tensors: Record<string, Tensor>;
  tokens?: Recording['tokens'];
  /** Settings that suit this input on this device, under those that somebody chose. */
  chosen?: Readonly<Record<string, number>>;
  /** Config keys that say what seeded inputs are, and nothing of these. */
  seeded?: readonly string[];
}

export interface PreparedRun {
  mechanism: Mechanism;
  variant: Variant;
  config: Config;
  /** What was set, before it was resolved; null where given tensors decide the sizes. */
  asked: Experiment['config'] | null;
  plan: Plan;
  /** Given ones that the plan takes; the engine makes the others. */
  inputs: Record<string, Tensor>;
  /** What the engine is asked to run; its config has every key. */
  experiment: EngineExperiment;
  edited: string[];
  tokens?: Recording['tokens'];
  /** What of the experiment's settings this variant does not have. */
  without: readonly string[];
  /** How its constants were chosen; absent where there are none to choose. */
  tuned?: TuningState;
}

function variantOf(mechanism: Mechanism, id: string): Variant {
  const variant = mechanism.variants.find((candidate) => candidate.id === id);
  if (variant) return variant;
  const limit = mechanism.variants.map((candidate) => candidate.id);
  throw new EngineError('unknown-variant', `${mechanism.title} has no variant ${id}`, {
    field: 'variant',
    value: id,
    limit,
  });
}

/**
 * Resolves the config against given tensors. Where a size key of the page contradicts them, the tensors win: sizes set for random
 * input must not stop a sentence from running.
 *
 * @throws EngineError bad-config, shape-mismatch between two tensors
 */
export function resolveConfig(mechanism: Mechanism, raw: Experiment['config'], given: GivenInput | null): Config {
  const config: Record<string, unknown> = { ...given?.chosen, ...raw };
  for (const key of given?.seeded ?? []) delete config[key];
  for (;;) {
    try {
      return mechanism.resolve(config, given?.tensors);
    } catch (error) {
      const field = error instanceof EngineError && error.code === 'shape-mismatch' ? error.field : undefined;
      if (!given || field === undefined || !Object.hasOwn(config, field)) throw error;
      delete config[field];
    }
  }
}

/**
 * @param isSoftware refuses, where given, what cannot be watched on such an adapter
 * @throws EngineError unknown-variant, bad-config, shape-mismatch, unsupported, limit-exceeded
 */
export function prepareRun(
  mechanism: Mechanism,
  experiment: Experiment,
  variantId: string,
  given: GivenInput | null,
  limits: Limits,
  without: readonly string[] = [],
  isSoftware?: boolean,
): PreparedRun {
  const variant = variantOf(mechanism, variantId);
  const resolved = resolveConfig(mechanism, experiment.config, given);
  const supported = variant.supports(resolved, limits);
  if (supported !== true) throw supported;
  const config = withForm(mechanism, variant, resolved, limits);
  const plan = mechanism.plan(variant.id, config, limits);
  const asked = given ? null : experiment.config;
  if (isSoftware !== undefined) assertWatchable({ mechanism, variant, config, asked }, isSoftware);

  const inputs: Record<string, Tensor> = {};
  for (const { name, role, init } of plan.buffers) {
    const tensor = given?.tensors[name];
    if (tensor && role === 'input' && !Array.isArray(init)) inputs[name] = tensor;
  }

  const sources = Object.fromEntries(
    variant.kernels.flatMap(({ file, wgsl }) => {
      const source = experiment.sources[file];
      // Other values for marked constants are no edit: the plan's take their place.
      return source === undefined || withValuesOf(source, wgsl) === wgsl ? [] : [[file, source]];
    }),
  );
  return {
    mechanism,
    variant,
    config,
    asked,
    plan,
    inputs,
    experiment: { mechanism: mechanism.id, variant: variant.id, config, seed: experiment.seed, sources },
    edited: Object.keys(sources),
    tokens: given?.tokens,
    without,
  };
}

/** The config that says which form of the kernel runs, where the device decides: closed forms and files know no device. */
function withForm(mechanism: Mechanism, variant: Variant, config: Config, limits: Limits): Config {
  const hasForms = 'form' in ((mechanism.config as { shape?: object }).shape ?? {});
  if (!hasForms || !mechanism.tunings?.(variant.id, config, limits).length) return config;
  return { ...config, form: chooseForm(config.form as KernelForm | 'auto' | undefined, limits) };
}

/** The same run with other values for the `@tune` constants of its kernel. @throws EngineError bad-config, limit-exceeded */
export function withTuning(prepared: PreparedRun, tuning: Tuning, limits: Limits): PreparedRun {
  const { mechanism, variant, experiment } = prepared;
  const config = mechanism.resolve({ ...prepared.config, tuning });
  const plan = mechanism.plan(variant.id, config, limits);
  return { ...prepared, config, plan, experiment: { ...experiment, config } };
}

/**
 * A dispatch that was submitted cannot be stopped, so a run that would hold the device for minutes is refused before it starts. The
 * closed form says how much a run moves; what cannot be estimated may run.
 *
 * @throws EngineError limit-exceeded
 */
export function assertWatchable(
  {
    mechanism,
    variant,
    config,
    asked = null,
  }: Pick<PreparedRun, 'mechanism' | 'variant' | 'config'> & Partial<Pick<PreparedRun, 'asked'>>,
  isSoftware: boolean,
): void {
  const excess = excessOf(mechanism, variant.id, config, isSoftware);
  if (excess) throw tooLong(mechanism, variant, config, asked, isSoftware, excess);
}
