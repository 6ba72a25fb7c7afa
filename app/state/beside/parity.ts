// Parity: the outputs of a run against the mechanism's float64 reference on the same input. The reference is slow by design, so it
// runs in a worker of its own, started for one comparison and ended afterwards.

import { EngineError } from '#gpu/core/errors.ts';
import type { ParityOutput } from '../../exhibit/results.ts';
import type { ParityReply, ParityRequest } from './parity-request.ts';

export type CheckParity = (request: ParityRequest, signal: AbortSignal) => Promise<ParityOutput[]>;

/** @throws EngineError whatever the reference throws; aborted */
export const checkParityInWorker: CheckParity = (request, signal) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./parity.worker.ts', import.meta.url), { type: 'module', name: 'parity' });
    const end = () => {
      worker.terminate();
      signal.removeEventListener('abort', abort);
    };
    const abort = () => {
      end();
      reject(new EngineError('aborted', 'the comparison with the reference was cancelled'));
    };
    worker.addEventListener('message', ({ data }: MessageEvent<ParityReply>) => {
      end();
      if (data.kind === 'done') resolve(data.outputs);
      else reject(EngineError.from(data.error));
    });
    worker.addEventListener('error', (event) => {
      end();
      reject(new EngineError('internal', `the parity worker failed: ${event.message || 'it could not start'}`));
    });
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    else worker.postMessage(request);
  });
