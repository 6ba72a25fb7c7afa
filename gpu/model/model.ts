// A model is a composed plan: primitives and mechanisms wired into one sequence of passes (gpu/plan/concat.ts).

import type { ZodMiniType } from 'zod/mini';
import type { ReferenceTensor, Tensor } from '../core/tensor.ts';
import type { Config, Kernel, Limits } from '../mechanisms/mechanism.ts';
import type { Plan } from '../plan/plan.ts';

/** How a model goes on token by token in a Session: its parts 'prefill' and 'step' take tokens, and `crop` takes them back. */
export interface Stream {
  /** The input that takes them, with room for `context`. A run may give fewer: they are all it works on. */
  tokens: string;
  /** Most tokens that the caches have room for. */
  context: number;
  /** Whether some state holds all tokens before, so that going back means to take them in again. */
  recurrent: boolean;
}

export interface Model {
  id: string;
  title: string;
  config: ZodMiniType;
  kernels: Kernel[];
  /** @throws EngineError bad-config, shape-mismatch */
  resolve(raw: object, inputs?: Record<string, Tensor>): Config;
  plan(config: Config, limits: Limits): Plan;
  /** Absent where a run is the whole of it. */
  stream?(config: Config): Stream | undefined;
  /** Seeded weights and tokens, for those that are not given. */
  makeInputs?(config: Config, seed: number): Record<string, Tensor>;
  /** Float64 forward, by definition. */
  reference(config: Config, inputs: Record<string, Tensor>): Record<string, ReferenceTensor>;
}
