// Messages between the page's facade and the engine in its worker. Plain data: what cannot be cloned (signals, callbacks, a
// trace's lazy steps, errors with their class) is turned into messages here and back on the other side.

import type { EngineError } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { TraceOptions } from '../../trace/trace.ts';
import type {
  AdapterFacts,
  EngineOptions,
  Experiment,
  KernelSpec,
  Measurement,
  MeasureOptions,
  ModelSpec,
} from '../api.ts';
import type { PackedRun } from './packed-run.ts';

type Inputs = Record<string, Tensor> | undefined;
type Trace = boolean | TraceOptions | undefined;

/** What a call takes and what it gives, by its name. */
export interface Calls {
  start: { takes: { options: Omit<EngineOptions, 'signal'> }; gives: AdapterFacts };
  run: { takes: { experiment: Experiment; inputs: Inputs; trace: Trace }; gives: PackedRun };
  runKernel: { takes: { kernel: KernelSpec; trace: Trace }; gives: PackedRun };
  measure: {
    takes: { contestants: (Experiment | KernelSpec)[]; options: Pick<MeasureOptions, 'rounds' | 'minSampleMs'> };
    gives: Measurement[];
  };
  open: {
    takes: { what: Experiment | ModelSpec; inputs: Inputs };
    gives: { session: number; bytes: Record<string, number> };
  };
  runPart: {
    takes: { session: number; part: string; inputs: Inputs; trace: Trace; params: Record<string, number> | undefined };
    gives: PackedRun;
  };
  read: { takes: { session: number; buffer: string }; gives: Tensor };
  write: { takes: { session: number; buffer: string; tensor: Tensor; at: number }; gives: null };
  crop: { takes: { session: number; length: number }; gives: null };
  close: { takes: { session: number }; gives: null };
}

export type CallName = keyof Calls;

/** Page → worker. */
export type Request = { [Name in CallName]: { id: number; call: Name; takes: Calls[Name]['takes'] } }[CallName];
export type ToWorker = Request | { abort: number };

/**
 * Worker → page. `facts` says which device answered, since it may have been reopened; `life` names the lock that the worker holds as
 * long as it lives.
 */
export type ToPage =
  | { id: number; gives: Calls[CallName]['gives']; facts?: AdapterFacts; life?: string }
  | { id: number; error: ReturnType<EngineError['toJSON']>; facts?: AdapterFacts }
  | { id: number; progress: number };
