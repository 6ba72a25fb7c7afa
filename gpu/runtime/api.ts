// The engine's public types. The direct engine and the worker facade both implement `Engine`.

import type { Tensor } from '../core/tensor.ts';
import type { Plan } from '../plan/plan.ts';
import type { Trace, TraceOptions } from '../trace/trace.ts';

export interface AdapterFacts {
  vendor: string;
  architecture: string;
  description: string;
  /** A CPU implementation (SwiftShader, lavapipe, WARP): right numbers, times that say nothing about GPUs. */
  isSoftware: boolean;
  features: string[];
  /** WebGPU's, and for plans that choose by them: subgroupMinSize and subgroupMaxSize (0 without subgroups), isSoftware (1 or 0). */
  limits: Record<string, number>;
  /** Smallest step seen between GPU timestamps, nanoseconds; null without timestamp-query. */
  timestampQuantumNs: number | null;
}

export interface Experiment {
  mechanism: string;
  variant: string;
  config: object;
  /** Seed of the random inputs used when none are given: an integer in 0 … 2³² − 1; 1 by default. */
  seed?: number;
  /** Kernel file → edited WGSL that replaces it. Edited kernels run with a loop guard. */
  sources?: Record<string, string>;
}

/** A composed model of `gpu/model`; its weights and token ids are inputs. */
export interface ModelSpec {
  model: string;
  config: object;
  seed?: number;
  sources?: Record<string, string>;
  /** Inputs of the model that are its weights, by name; they may as well be among the inputs. */
  weights?: Record<string, Tensor>;
}

export interface KernelBinding {
  /** 0 by default. */
  group?: number;
  binding: number;
  /** The WGSL variable's name by default. */
  name?: string;
  kind: 'storage' | 'read-only-storage' | 'uniform';
  /** Element type of read-back; from the WGSL when it is plain, else 'f32'. */
  element?: 'f32' | 'u32' | 'i32';
  data?: ArrayBufferView;
  /** A multiple of 4; needed where `data` is absent or ends within a word, and then zeros follow it. */
  byteLength?: number;
}

/** Anyone's WGSL compute kernel. Runs under the loop guard, also when timed. */
export interface KernelSpec {
  wgsl: string;
  entryPoint?: string;
  /** Values for `override` constants, by name or by the number of their `@id`, and for `@tune`/`@shape`/`@flag` const lines. */
  constants?: Record<string, number>;
  workgroups: [number, number, number] | { indirect: number; offset: number };
  bindings: KernelBinding[];
}

/** What the engine made of an experiment, and ran. */
export interface Ran {
  /** Every key present, every size known. */
  config: Record<string, unknown>;
  plan: Plan;
  /** The kernels of the plan's passes as they stand in a file: edits applied, marked constants baked, each as its first pass has it. */
  kernels: { file: string; wgsl: string }[];
  /** The inputs that it made itself; those that the caller gave are the caller's. */
  inputs: Record<string, Tensor>;
}

export interface Run {
  outputs: Record<string, Tensor>;
  trace?: Trace;
  warnings: string[];
  /** Of `Engine.run`: what ran. A part of a Session and a single kernel are as they were opened and given. */
  ran?: Ran;
}

export interface RunOptions {
  inputs?: Record<string, Tensor>;
  /** `true`, or what to record; keys left out stay on, `log` off. */
  trace?: boolean | TraceOptions;
  /** Its reason becomes the `cause` of the 'aborted' error. */
  signal?: AbortSignal;
}

export interface PartOptions extends RunOptions {
  /** Overrides members of the kernels' Params by name, and the numbers of the plan's `runtime`. */
  params?: Record<string, number>;
}

export interface Session {
  /**
   * Runs a named part of the plan ('run' is the whole). Outputs and scratch that the part may write start afresh; state, and what
   * the part only reads, is as earlier runs left it. Returned are the outputs that the part may write.
   */
  run(part: string, options?: PartOptions): Promise<Run>;
  read(buffer: string): Promise<Tensor>;
  /** Writes `tensor` from element `at` on. */
  write(buffer: string, tensor: Tensor, at?: number): Promise<void>;
  /**
   * Of a model that goes on token by token: forgets all tokens from `length` on, as if it had never gone there.
   *
   * @throws EngineError unsupported where it does not; bad-input for more tokens than there are
   */
  crop(length: number): Promise<void>;
  /** Device bytes of every buffer. */
  readonly bytes: Record<string, number>;
  dispose(): void;
}

export interface MeasureOptions {
  /** Interleaved rounds; 11 by default. */
  rounds?: number;
  /** Shortest sample, ms, finite and ≥ 0; by default ten clock quanta, at least 5 ms; 20 ms on a software adapter, 50 ms by the queue's wall clock. */
  minSampleMs?: number;
  signal?: AbortSignal;
  /** Called with the share done, 0 … 1. */
  onProgress?: (share: number) => void;
}

export interface Measurement {
  samplesMs: number[];
  medianMs: number;
  /** 95 % bootstrap interval of the median. */
  ci95Ms: [number, number];
  clock: 'timestamp-query' | 'queue-wall';
  quantumNs: number | null;
  repeatsPerSample: number;
  rounds: number;
  /** Milliseconds a repeat that were spent re-initialising a non-idempotent plan, already subtracted. */
  resetMs?: number;
  /** Nothing that the clock can tell was left of a sample without its re-initialisations: the times stand for the clock's smallest step. */
  belowResolution?: boolean;
  /** The kernel is foreign or edited: it was timed with the loop guard's counters in it. */
  guarded?: boolean;
}

export interface EngineOptions {
  powerPreference?: GPUPowerPreference;
  signal?: AbortSignal;
}

export interface Engine {
  readonly adapter: AdapterFacts;
  run(experiment: Experiment, options?: RunOptions): Promise<Run>;
  open(
    what: Experiment | ModelSpec,
    options?: { inputs?: Record<string, Tensor>; signal?: AbortSignal },
  ): Promise<Session>;
  runKernel(kernel: KernelSpec, options?: { trace?: boolean | TraceOptions; signal?: AbortSignal }): Promise<Run>;
  measure(contestants: (Experiment | KernelSpec)[], options?: MeasureOptions): Promise<Measurement[]>;
  dispose(): void;
}
