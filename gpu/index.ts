// The public API: headless; used alike by the page, the tests and the benchmarks.
// The worker facade is an entry of its own, `gpu/runtime/worker/facade.ts`, so that a page need not load the engine it talks to.

export { EngineError, type EngineErrorCode, type EngineErrorFacts } from './core/errors.ts';
export type * from './core/tensor.ts';
export { mechanisms } from './mechanisms/all.ts';
export type * from './mechanisms/mechanism.ts';
export { models } from './model/all.ts';
export type { TrainedConfig } from './model/trained-config.ts';
export type { TrainedCard, TrainedManifest } from './model/trained-manifest.ts';
export { type LoadTrainedOptions, loadTrained, type Trained } from './model/trained-weights.ts';
export { explain } from './plan/explain.ts';
export type * from './plan/plan.ts';
export type * from './runtime/api.ts';
export { openEngine } from './runtime/engine.ts';
export { type AutotuneOptions, type AutotuneResult, autotune, type TuneStore } from './runtime/measure/autotune.ts';
export { type Verdict, verdict } from './runtime/measure/statistics.ts';
export type * from './trace/trace.ts';
export { bake, type Tunable, tunables } from './wgsl/text/bake.ts';
