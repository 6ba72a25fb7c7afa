// What a mechanism (or a registered primitive) is to the rest of the system: data and pure functions, no GPU.

import type { ZodMiniType } from 'zod/mini';
import type { EngineError } from '../core/errors.ts';
import type { ReferenceTensor, Tensor } from '../core/tensor.ts';
import type { Plan } from '../plan/plan.ts';

export type Limits = Record<string, number>;
/** A config after its schema: every key present, every size known. */
export type Config = Record<string, unknown>;

export interface Kernel {
  file: string;
  wgsl: string;
}

/** Closed-form counts, in elements per buffer; buffers a variant does not touch are absent. */
export interface BufferCount {
  buffer: string;
  loads: number;
  stores: number;
  loadBytes: number;
  storeBytes: number;
}

export interface Totals {
  buffers: BufferCount[];
  /** Bytes of workgroup memory declared by the kernels' own constants (largest over the dispatches). */
  workgroupBytes: number;
  /** Bytes of storage beyond inputs and outputs. */
  extraBytes: number;
  /** Named counts a variant promises, e.g. `tiles` visited. */
  events?: Record<string, number>;
}

export interface Variant {
  id: string;
  title: string;
  kernels: Kernel[];
  /** True, or the reason why this device or config cannot run it. */
  supports(config: Config, limits: Limits): true | EngineError;
}

export interface StepMeaning {
  /** Marker name in the WGSL, without `//: `. */
  id: string;
  /** Short label for lists and timelines. */
  title: string;
  /** One plain sentence: what happens in this step. */
  text: string;
}

/** What lists show of a mechanism, without its code: gpu/mechanisms/<m>/card.ts. */
export interface Card {
  id: string;
  title: string;
  role: 'mechanism' | 'primitive';
  /** Which group of the home map it belongs to: 'Attention', 'State space' … */
  family: string;
  /** One plain line: what it does, for somebody who has never met it. */
  summary: string;
  variants: { id: string; title: string }[];
  presets: Preset[];
  /** Whether it goes on token by token: its code then has `decoding`. */
  decodes?: true;
}

export interface SizeDescription {
  /** Largest that the page offers. */
  most: number;
  usual: number;
  /** 1 where absent. */
  least?: number;
  /** Whether inputs have this extent; else it is a setting. */
  ofInputs: boolean;
}

/** A setting that is no whole number. The page offers what lies between `least` and `most`, `step` apart. */
export interface NumberDescription {
  usual: number;
  least: number;
  most: number;
  step: number;
}

export interface TensorDescription {
  role: 'input' | 'output' | 'state' | 'scratch';
  title: string;
  unit?: string;
  /** An input that may be left out: the config key that says whether it is there. */
  optional?: string;
}

/** What a described mechanism says of itself (gpu/define): the page makes controls, file input and pictures from it. */
export interface Description {
  sizes: Readonly<Record<string, SizeDescription>>;
  numbers: Readonly<Record<string, NumberDescription>>;
  options: Readonly<Record<string, { choices: readonly (string | number | boolean)[] }>>;
  tensors: Readonly<Record<string, TensorDescription>>;
}

export interface Preset {
  id: string;
  title: string;
  variant: string;
  config: Record<string, unknown>;
}

/**
 * How a mechanism goes on token by token in a Session: what it keeps of all tokens before, and which part of its plan takes one more.
 * Data enough to run any two of them at the same length and width.
 */
export interface Decoding {
  /** The variant that does it. */
  variant: string;
  /** What it keeps, as people call it: 'KV cache', 'state'. */
  keeps: string;
  /** Buffers of the plan that carry everything from one token to the next. */
  caches: readonly string[];
  /** Part that takes in the tokens before and leaves the caches; absent where the caches are inputs. */
  prefill?: string;
  /** Part that takes one token more. */
  step: string;
  /** Channels of a token outside the mechanism. Two of the same width can stand in each other's place in a model. */
  width(config: Config): number;
  /** Tokens of a config. */
  length(config: Config): number;
  /** Its sizes other than the length, in a few words. */
  sizes(config: Config): string;
  /**
   * One sequence of `length` tokens of `width` channels; other settings as in `like`, a config of this mechanism with that width.
   * @throws EngineError unsupported where `like` cannot go on token by token
   */
  configAt(length: number, width: number, like?: Config): object;
  /** The next token, as inputs of the step; absent where the plan's own inputs hold it. */
  makeToken?(config: Config, seed: number): Record<string, Tensor>;
  /** Bytes of the caches, by formula. */
  cacheBytes(config: Config): number;
}

export interface Mechanism {
  id: string;
  title: string;
  role: 'mechanism' | 'primitive';
  description?: Description;
  /** zod schema of the config; parsing fills defaults. Size keys are optional in it because inputs may define them. */
  config: ZodMiniType;
  presets: Preset[];
  steps: StepMeaning[];
  variants: Variant[];
  /** Inputs that only `resolve` reads (cu_seqlens_q, say), so that the plan has no buffer of that name. */
  sizeInputs?: readonly string[];
  /**
   * Parses `raw` and, when `inputs` are given, takes the sizes from their shapes.
   * @throws EngineError bad-config (field, value, limit) or shape-mismatch when a size key contradicts an input
   */
  resolve(raw: object, inputs?: Record<string, Tensor>): Config;
  /** Seeded random inputs of a resolved config. */
  makeInputs(config: Config, seed: number): Record<string, Tensor>;
  /**
   * How a sentence becomes inputs, where the mechanism reads text by itself (a stream of tokens, say); else the page's sentence
   * encoder makes q, k and v of it. `tokens` label the time steps.
   *
   * @throws EngineError bad-input
   */
  readText?(text: string): { inputs: Record<string, Tensor>; tokens: string[] };
  /** Pure. @throws EngineError limit-exceeded, unsupported, unknown-variant */
  plan(variant: string, config: Config, limits: Limits): Plan;
  /** Values of `@tune` constants, for a config's `tuning` key, among which autotune may choose; all can run on such a device. */
  tunings?(variant: string, config: Config, limits: Limits): Record<string, number>[];
  /** Float64, by definition; shares no code with the kernels. */
  reference(config: Config, inputs: Record<string, Tensor>): Record<string, ReferenceTensor>;
  /**
   * Closed-form counts. `limits` matter only to variants whose plan depends on them (see attention's flash-v2-tuned), `inputs` where values
   * decide what is read (which experts tokens go to): without them it is the most that it can be.
   */
  cost(variant: string, config: Config, limits?: Limits, inputs?: Record<string, Pick<Tensor, 'data'>>): Totals;
  /** How many records the `//: detail` lines of a run make, at most; absent where its kernels have none. */
  details?(config: Config): number;
  /** Loaded when asked for; absent where it does not generate token by token. */
  decoding?(): Promise<Decoding>;
}
