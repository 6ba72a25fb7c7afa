// From what is on screen to a run: config with all sizes known, plan, inputs, the kernels as they will compile. Pure; the same
// functions the engine itself uses, so that the recording can say what ran.

import { EngineError } from '#gpu/core/errors.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Config, Kernel, Limits, Mechanism, Totals, Variant } from '#gpu/mechanisms/mechanism.ts';
import { chooseForm, type KernelForm, type Tuning } from '#gpu/plan/kernel-form.ts';
import type { Plan } from '#gpu/plan/plan.ts';
import type { AdapterFacts, Experiment as EngineExperiment, Run } from '#gpu/runtime/api.ts';
import { bake, withValuesOf } from '#gpu/wgsl/text/bake.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { TuningFacts } from '../../exhibit/results.ts';
import type { Experiment } from '../stores/experiment.ts';
import { mostMoved, movedBy, tooLong } from './watch-limits.ts';

/** Input that does not come from the seed: a sentence's or a file's tensors. */
export interface GivenInput {
  tensors: Record<string, Tensor>;
  tokens?: Recording['tokens'];
}

export interface PreparedRun {
  mechanism: Mechanism;
  variant: Variant;
  config: Config;
  /** What was set, before it was resolved; null where given tensors decide the sizes. */
  asked: Experiment['config'] | null;
  plan: Plan;
  inputs: Record<string, Tensor>;
  /** What the engine is asked to run; its config has every key. */
  experiment: EngineExperiment;
  kernels: Kernel[];
  edited: string[];
  tokens?: Recording['tokens'];
  /** What of the experiment's settings this variant does not have. */
  without: readonly string[];
  /** How its constants were chosen; absent where there are none to choose. */
  tuned?: TuningFacts;
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
 * A sentence as the mechanism itself reads it, or the word that it reads none; null where the sentence encoder's q, k and v are its
 * inputs.
 *
 * @throws EngineError bad-input
 */
export function textInput(
  mechanism: Mechanism,
  text: string,
  limits: Limits,
): { given: GivenInput | null; note: string | null } | null {
  if (mechanism.readText) {
    const { inputs, tokens } = mechanism.readText(text);
    return { given: { tensors: inputs, tokens: { query: tokens, key: tokens } }, note: null };
  }
  const [preset] = mechanism.presets;
  const buffers = preset ? mechanism.plan(preset.variant, mechanism.resolve(preset.config), limits).buffers : [];
  const inputs = new Set(buffers.filter(({ role }) => role === 'input').map(({ name }) => name));
  if (['q', 'k', 'v'].every((name) => inputs.has(name))) return null;
  return { given: null, note: `${mechanism.title} reads no sentences. Random input stands in.` };
}

/** Token ids as the sentence encoder takes them. @throws EngineError bad-input for no words; spaces alone, too, have tokens */
export function idsOf(tokens: readonly { id: number }[], text: string): Tensor {
  const value = text.trim();
  if (tokens.length === 0 || value === '') {
    throw new EngineError('bad-input', 'The sentence is empty: type at least one word', { field: 'sentence', value });
  }
  return { dtype: 'i32', shape: [tokens.length], data: Int32Array.from(tokens, ({ id }) => id) };
}

/**
 * Resolves the config against given tensors. Where a size key of the page contradicts them, the tensors win: sizes set for random
 * input must not stop a sentence from running.
 *
 * @throws EngineError bad-config, shape-mismatch between two tensors
 */
export function resolveConfig(mechanism: Mechanism, raw: Experiment['config'], given: GivenInput | null): Config {
  const config: Record<string, unknown> = { ...raw };
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
  // Before the inputs are made: those of a run that is far too long would hold the page for minutes.
  if (isSoftware !== undefined) assertWatchable({ mechanism, variant, config, asked }, isSoftware);

  const wanted = plan.buffers.filter((spec) => spec.role === 'input' && !Array.isArray(spec.init));
  const missing = wanted.filter(({ name }) => given?.tensors[name] === undefined);
  const made = missing.length > 0 ? mechanism.makeInputs(config, experiment.seed) : {};
  const inputs: Record<string, Tensor> = {};
  for (const { name } of wanted) {
    const tensor = given?.tensors[name] ?? made[name];
    if (tensor) inputs[name] = tensor;
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
    kernels: bakedKernels(variant, plan, sources),
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
  const kernels = bakedKernels(variant, plan, experiment.sources ?? {});
  return { ...prepared, config, plan, kernels, experiment: { ...experiment, config } };
}

/** The kernels of the plan's passes, each as its first pass bakes it. */
function bakedKernels(variant: Variant, plan: Plan, sources: Readonly<Record<string, string>>): Kernel[] {
  const kernels = new Map<string, Kernel>();
  for (const { kernel: file, constants } of plan.passes) {
    const text = sources[file] ?? variant.kernels.find((kernel) => kernel.file === file)?.wgsl;
    if (text === undefined || kernels.has(file)) continue;
    kernels.set(file, { file, wgsl: bake(text, constants) });
  }
  return [...kernels.values()];
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
  if (movedBy(mechanism, variant.id, config) <= mostMoved(isSoftware)) return;
  throw tooLong(mechanism, variant, config, asked, isSoftware);
}

export function adapterLabel(adapter: AdapterFacts): string {
  const name =
    adapter.description || [adapter.vendor, adapter.architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return adapter.isSoftware ? `${name} (software adapter)` : name;
}

/** @throws EngineError internal when the run brought no trace */
export function recordingOf(id: string, prepared: PreparedRun, run: Run, adapter: AdapterFacts): Recording {
  if (!run.trace) throw new EngineError('internal', 'the run was not recorded');
  return {
    id,
    mechanism: prepared.mechanism.id,
    variant: prepared.variant.id,
    config: prepared.config,
    plan: prepared.plan,
    kernels: prepared.kernels,
    trace: run.trace,
    inputs: prepared.inputs,
    outputs: run.outputs,
    tokens: prepared.tokens,
    ...(prepared.without.length > 0 ? { without: prepared.without } : {}),
    device: { label: adapterLabel(adapter), isSoftware: adapter.isSoftware, origin: 'this-device' },
    edited: prepared.edited,
    warnings: run.warnings,
  };
}

/**
 * The variants whose runs stand beside the one on screen: the compared one, and one to measure against (the first variant, else
 * the first other one that the presets show). Where a variant has settings
 * of its own that the baseline cannot take, the mechanism's first preset variant stands there too: it is the nearest without them.
 */
export function companions(mechanism: Mechanism, { variant, compare }: Experiment, hasOwnSettings: boolean): string[] {
  const ids = mechanism.variants.map(({ id }) => id);
  const [preset, ...more] = mechanism.presets.map((each) => each.variant);
  const baseline = [ids[0], preset, ...more, ids[1]].find((id) => id !== undefined && id !== variant);
  const wanted = [compare, hasOwnSettings ? preset : null, baseline];
  return [...new Set(wanted.filter((id): id is string => id != null && id !== variant && ids.includes(id)))];
}

/** 'standard', 'flash-v2 (edited)', 'standard without block mask'. */
export function variantLabel(variant: string, { edited, without }: Pick<Recording, 'edited' | 'without'>): string {
  const label = edited.length > 0 ? `${variant} (edited)` : variant;
  return without && without.length > 0 ? `${label} without ${without.join(' and ')}` : label;
}

/**
 * Closed-form counts of the variant as shipped; null where the mechanism has none for this config. They stand beside an edited kernel
 * too: that its counts no longer agree is what there is to see.
 */
export function costOf(
  { mechanism, variant, config }: Recording,
  mechanisms: ReadonlyMap<string, Mechanism>,
): Totals | null {
  try {
    return mechanisms.get(mechanism)?.cost(variant, config) ?? null;
  } catch {
    return null;
  }
}
