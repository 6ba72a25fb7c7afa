// The part of the chain that compares what the run on the stage gave with a float64 reference.

import type { Chain } from '../run/chain.ts';
import type { SessionStore } from '../stores/session-store.ts';
import type { CheckParity } from './parity.ts';

export function createParityCheck(session: SessionStore, chain: Chain, check: CheckParity) {
  return async function checkParity(): Promise<void> {
    const { recording } = session.getState();
    if (!recording) return;
    const { mechanism, config, inputs, outputs } = recording;
    await chain.during('parity', 'Computing the float64 reference', async (signal) => {
      const parityOutputs = await check({ mechanism, config, inputs, outputs }, signal);
      signal.throwIfAborted();
      session.setState({ parityOutputs });
    });
  };
}
