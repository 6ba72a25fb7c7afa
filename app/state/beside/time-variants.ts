// The part of the chain that times the plain kernels of the run on the stage and of the first variant recorded beside it.

import type { Engine } from '#gpu/runtime/api.ts';
import type { Chain } from '../run/chain.ts';
import type { createSurvivor } from '../run/device-loss.ts';
import { variantLabel } from '../run/runs-beside.ts';
import type { Stage } from '../run/stage.ts';
import type { SessionStore } from '../stores/session-store.ts';

export interface TimingParts {
  session: SessionStore;
  chain: Chain;
  stage: Stage;
  surviving: ReturnType<typeof createSurvivor>;
}

const LABEL = 'Timing the plain kernels';

export function createTiming({ session, chain, stage, surviving }: TimingParts) {
  return async function time(engine: Engine): Promise<void> {
    const { run } = stage;
    if (!run) return;
    const runs = [run.prepared, ...run.companions.slice(0, 1)];
    const experiments = runs.map(({ experiment }) => experiment);
    const edited = runs.flatMap((each) => each.edited);
    await chain.during('timing', LABEL, async (signal) => {
      const onProgress = (share: number) => !signal.aborted && chain.progress('timing', LABEL, share);
      const measurements = await surviving(() => engine.measure(experiments, { signal, onProgress }), signal, edited);
      signal.throwIfAborted();
      const named = runs.map((each) => ({ id: each.variant.id, label: variantLabel(each.variant.id, each) }));
      session.setState({ contestants: named.map((each, i) => ({ ...each, measurement: measurements[i]! })) });
    });
  };
}
