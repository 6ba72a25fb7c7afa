// What the page asks the parity worker, and what it answers.

import type { EngineError } from '#gpu/core/errors.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { ParityOutput } from '../../exhibit/results.ts';

export interface ParityRequest {
  mechanism: string;
  config: Config;
  inputs: Record<string, Tensor>;
  outputs: Record<string, Tensor>;
}

export type ParityReply =
  | { kind: 'done'; outputs: ParityOutput[] }
  | { kind: 'failed'; error: ReturnType<EngineError['toJSON']> };
