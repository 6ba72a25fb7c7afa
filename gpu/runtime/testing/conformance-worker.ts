// The engine's worker with the test mechanism in it, and with ways to break it on purpose.

import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { loadMechanism, mechanisms } from '../../mechanisms/registry.ts';
import { loadModel, models } from '../../model/registry.ts';
import { DirectEngine } from '../engine.ts';
import { type MessagePoint, serve } from '../worker/serve.ts';
import { affine } from './affine.ts';

/** Sent beside the protocol's messages; `counts` is answered on the port. */
export type Hook = { hook: 'lose' | 'crash' } | { hook: 'counts'; port: MessagePort };

let engine: DirectEngine | undefined;

// Registered before `serve` sets its handler, so that it sees a hook first and keeps it.
self.addEventListener('message', (event: MessageEvent<Hook | { hook?: undefined }>) => {
  const { data } = event;
  if (data.hook === undefined) return;
  event.stopImmediatePropagation();
  if (data.hook === 'crash') throw new Error('crashed on purpose');
  if (data.hook === 'lose') engine?.context.device.destroy();
  if (data.hook === 'counts') data.port.postMessage(engine?.context.buffers.counts);
});

// Nothing is awaited before `serve`: a worker loses what it is sent before it listens.
const known = new Map<string, Mechanism>([[affine.id, affine]]);

async function learn(id: string): Promise<void> {
  await loadMechanism(id);
  for (const [name, mechanism] of mechanisms) known.set(name, mechanism);
}

serve(self as unknown as MessagePoint, async (options) => {
  engine = await DirectEngine.open(options, { mechanisms: known, models, loadMechanism: learn, loadModel });
  return engine;
});
