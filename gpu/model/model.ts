// A model is a composed plan: primitives and mechanisms wired into one sequence of passes (gpu/plan/concat.ts).

import type { ZodMiniType } from 'zod/mini';
import type { ReferenceTensor, Tensor } from '../core/tensor.ts';
import type { Config, Kernel, Limits } from '../mechanisms/mechanism.ts';
import type { Plan } from '../plan/plan.ts';

export interface Model {
  id: string;
  title: string;
  config: ZodMiniType;
  kernels: Kernel[];
  /** @throws EngineError bad-config, shape-mismatch */
  resolve(raw: object, inputs?: Record<string, Tensor>): Config;
  plan(config: Config, limits: Limits): Plan;
  /** Float64 forward, by definition. */
  reference(config: Config, inputs: Record<string, Tensor>): Record<string, ReferenceTensor>;
}
