// Parity: the outputs of a run against the mechanism's float64 reference on the same input. The reference is slow by design, so it
// runs in a worker of its own that can be stopped.

import type { EngineError } from '#gpu/core/errors.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { ParityOutput } from '../marks/panel-props.ts';

export interface ParityRequest {
  mechanism: string;
  config: Config;
  inputs: Record<string, Tensor>;
  outputs: Record<string, Tensor>;
}

export type ParityReply =
  | { kind: 'done'; outputs: ParityOutput[] }
  | { kind: 'failed'; error: ReturnType<EngineError['toJSON']> };

export type CheckParity = (request: ParityRequest, signal: AbortSignal) => Promise<ParityOutput[]>;

/** @throws EngineError whatever the reference throws; aborted */
export const checkParityInWorker: CheckParity = async (request, signal) => {
  // The first picture does not need it.
  const { runParityWorker } = await import('./parity-worker.ts');
  return runParityWorker(request, signal);
};
