// Starts the parity worker for one comparison and ends it afterwards.

import { EngineError } from '#gpu/core/errors.ts';
import type { ParityOutput } from '../marks/panel-props.ts';
import type { ParityReply, ParityRequest } from './parity.ts';

/** @throws EngineError whatever the reference throws; aborted */
export function runParityWorker(request: ParityRequest, signal: AbortSignal): Promise<ParityOutput[]> {
  return new Promise((resolve, reject) => {
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
}
