// What a description says of a mechanism: numbers and names, nothing of the page. A law of the house makes it short: a tensor, a size
// and a flag have the same name in WGSL, plan, reference and recording, so that only what is named otherwise has to be said.

import type { EngineError } from '../core/errors.ts';
import type { z } from '../core/schema.ts';
import type { ReferenceTensor, Tensor, TensorData } from '../core/tensor.ts';
import type { Card, Config, Limits, Mechanism } from '../mechanisms/mechanism.ts';
import type { BufferSpec, PassSpec } from '../plan/plan.ts';
import type { View } from '../plan/views.ts';

/** What a plan depends on besides the config. */
export interface Run {
  variant: string;
  limits: Limits;
}

/** Of one dispatch: the values of its kernel's constants. */
export interface PassRun extends Run {
  constant(name: string): number;
}

export type Value = number | boolean;

/** A thing, or how it follows from the config. */
export type From<C, T, On = Run> = T | ((config: C, run: On) => T);

/** A whole number: an extent, which an input may say by its shape, or (`ofInputs: false`) a setting. */
export interface SizeSpec<C> {
  /** Largest that the page offers, and what it starts from: the default of a setting. */
  most: number;
  usual: number;
  /** 1 where absent. */
  least?: number;
  /** Largest that the kernels can take at all. */
  limit?: number;
  ofInputs?: false;
  /** Another size that has to be a multiple of this one. */
  divides?: string | ((config: C) => string);
  /** Axes of this extent, as pictures and records call them; the size's own name where absent. A setting is no extent without it. */
  axis?: string | readonly string[];
  /** The size where neither the config nor an input says it. */
  follows?(config: C): number | undefined;
}

/** A setting that is no whole number. */
export interface NumberSpec {
  /** The default. */
  usual: number;
  /** What it may be at all. */
  schema: z.ZodMiniType<number>;
  /** What the page offers. */
  least: number;
  most: number;
  step: number;
}

export interface OptionSpec {
  choices: readonly (string | number | boolean)[];
  /** The default; the first of the choices where absent. */
  usual?: string | number | boolean;
  /**
   * The choice that given inputs make by themselves. `asked` is the config's, which wins where this does not object.
   *
   * @throws EngineError where the two contradict each other
   */
  given?(inputs: Readonly<Record<string, Tensor>>, asked: unknown): string | number | boolean | undefined;
}

export interface TensorSpec<C> {
  /** By name; each the axis of a size or one of the description's `axes`. */
  axes: readonly string[] | ((config: C) => readonly string[]);
  role: BufferSpec['role'];
  title: string;
  unit?: string;
  dtype?: BufferSpec['dtype'];
  /** An input that may be left out: the config's flag says whether it is there, else whether it was given, else `usual`. */
  optional?: { flag: string; usual: boolean | ((config: C) => boolean) };
  /** Whether a config has it; always where absent. */
  present?(config: C): boolean;
  /** Whether a config's own kernels make it, where others are given it: it is scratch then. */
  made?(config: C): boolean;
  /** Variants that have it; all where absent. */
  variants?: readonly string[];
  within?(config: C): BufferSpec['within'];
  /** Outputs, state and scratch start as poison where this is absent. */
  init?: BufferSpec['init'];
  sentinel?: BufferSpec['sentinel'];
  /** Seeded values; standard normal where absent. */
  make?(config: C, seed: number, shape: number[]): TensorData;
  /** Of an input: its values follow from the config, so that the plan has them and nobody gives it. */
  constant?(config: C): readonly number[];
}

export type Need = 'maxComputeWorkgroupStorageSize' | 'maxComputeInvocationsPerWorkgroup';

/** One dispatch. What has the name of a tensor, a value or a key of the config is not written down. */
export interface Pass<C> {
  /** File of the kernel without `.wgsl`. */
  kernel: string;
  /** Whether the config's key `tuning` chooses the values of the kernel's `@tune` constants. */
  tuned?: true;
  /** Limits of the device that the kernel, as baked, may exceed → key of the config that decides how much of it is asked for. */
  needs?: Partial<Record<Need, string>>;
  /** Left out of the plan where false. */
  when?(config: C, run: Run): boolean;
  /** Part of the plan that it belongs to. Where there are parts, the first of them is also the part 'run'. */
  part?: string;
  grid(config: C, run: PassRun): PassSpec['workgroups'];
  /** WGSL variable → tensor, where the names differ. */
  bindings?: Record<string, From<C, string>>;
  /** Constants and params that have another value here than in `values`. */
  values?: Record<string, From<C, Value, PassRun>>;
}

/** All dispatches of another mechanism, on tensors of this one. Its kernels, steps and counts join this one's own. */
export interface Sub<C> {
  mechanism: Mechanism;
  variant: string;
  /** A resolved config of it. */
  config(config: C): Config;
  /** Tensor of it → tensor of this one; those that a config does not have do no harm. */
  names: Record<string, From<C, string>>;
  /** Tensors of it that are parts of tensors of this one. */
  views?(config: C): Record<string, View>;
  when?(config: C, run: Run): boolean;
  part?: string;
}

export interface VariantSpec<C> {
  passes: readonly (Pass<C> | Sub<C>)[];
  /** Running twice is not running once. */
  changesState?: true;
}

/** Accesses to one buffer; `bytes` is the size of one, 4 where absent. Several where sizes differ. */
export type Accesses = { loads?: number; stores?: number; bytes?: number };

export interface Counts {
  /** Buffers that are not touched have zeros, or are left out. */
  buffers: Record<string, Accesses | readonly Accesses[] | undefined>;
  events?: Record<string, number>;
  /** Bytes of storage beyond inputs and outputs; those of the plan's scratch tensors where absent. */
  extraBytes?: number;
}

export interface MechanismSpec<C> {
  card: Card;
  sizes: Record<string, SizeSpec<C>>;
  numbers?: Record<string, NumberSpec>;
  options?: Record<string, OptionSpec>;
  /** Further keys of the config, with their schema: values for a kernel's constants, what no control of its own sets. */
  keys?: Record<string, z.ZodMiniType>;
  /** Extents of axes that are no size of their own. */
  axes?: Record<string, (config: C, run: Run) => number>;
  tensors: Record<string, TensorSpec<C>>;
  /** File → text, as import.meta.glob gives them. */
  kernels: Record<string, string>;
  /** By the ids of the card, which has their titles. */
  variants: Record<string, VariantSpec<C>>;
  /** Constants and params of the kernels that no key of the config is called like. `HAS_D` and `has_d` are called like `hasD`. */
  values?: Record<string, From<C, Value>>;
  /** What follows from the inputs before the sizes are known; sizes that nobody said are undefined. @throws EngineError */
  settle?(asked: C, inputs: Readonly<Record<string, Tensor>> | undefined): C;
  /** Refuses what does not go together. @throws EngineError */
  accept?(config: C, inputs: Readonly<Record<string, Tensor>> | undefined): void;
  /** Why a config or a device does not fit a variant. */
  misfit?(config: C, run: Run): EngineError | undefined;
  /** Inputs that are made together, in place of those drawn tensor by tensor. */
  make?(config: C, seed: number): Record<string, Tensor>;
  /** Float64, by definition; shares no code with the kernels. */
  reference(config: C, inputs: Record<string, Pick<Tensor, 'data'>>): Record<string, ReferenceTensor>;
  /**
   * Closed form of all accesses of own kernels.
   *
   * @param run `constant` is a kernel's, as the run bakes it; `inputs` for what their values decide: without them, the most there can be
   */
  counts(
    config: C,
    run: Run & { constant(kernel: string, name: string): number; inputs?: Record<string, Pick<Tensor, 'data'>> },
  ): Counts;
  /** Step marker of own kernels → what happens in it: a short label and a plain sentence. */
  steps: Record<string, readonly [title: string, text: string]>;
  readText?: Mechanism['readText'];
  decoding?: Mechanism['decoding'];
}
