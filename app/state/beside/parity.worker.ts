// Runs a mechanism's float64 reference and compares outputs with it, off the page's thread.

import { EngineError } from '#gpu/core/errors.ts';
import { loadMechanism } from '#gpu/mechanisms/registry.ts';
import { parityOf } from './output-parity.ts';
import type { ParityReply, ParityRequest } from './parity-request.ts';

/** Largest accepted error of an f32 kernel, per unit of the largest reference value (at least 1): the spec's bound for n ≤ 512. */
const TOLERANCE = 2e-5;

async function compare({ mechanism: id, config, inputs, outputs }: ParityRequest): Promise<ParityReply> {
  const mechanism = await loadMechanism(id);
  if (!mechanism) {
    return {
      kind: 'failed',
      error: new EngineError('unknown-mechanism', `no mechanism ${id}`, { field: 'mechanism' }).toJSON(),
    };
  }
  const reference = mechanism.reference(config, inputs);
  const compared = Object.entries(reference).flatMap(([name, want]) => {
    const got = outputs[name];
    if (!got) return [];
    const largest = want.data.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 0);
    return [parityOf(name, got, want, TOLERANCE * Math.max(1, largest))];
  });
  return { kind: 'done', outputs: compared };
}

self.addEventListener('message', async ({ data }: MessageEvent<ParityRequest>) => {
  let reply: ParityReply;
  try {
    reply = await compare(data);
  } catch (error) {
    const known = error instanceof EngineError ? error : new EngineError('internal', String(error));
    reply = { kind: 'failed', error: known.toJSON() };
  }
  self.postMessage(reply);
});
