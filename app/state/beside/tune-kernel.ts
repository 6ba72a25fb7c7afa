// The part of the chain that tunes the kernel on screen to this device. What measures and remembers is loaded when a kernel has something to tune.

import type { Engine } from '#gpu/runtime/api.ts';
import type { Chain } from '../run/chain.ts';
import type { createSurvivor } from '../run/device-loss.ts';
import type { PreparedRun } from '../run/prepared-run.ts';
import type { Stage } from '../run/stage.ts';
import type { Experiment } from '../stores/experiment.ts';
import type { SessionStore } from '../stores/session-store.ts';
import type { Tuner } from './tuner.ts';

export interface TuningParts {
  session: SessionStore;
  chain: Chain;
  surviving: ReturnType<typeof createSurvivor>;
  loadTuner(): Promise<Tuner>;
  stage: Stage;
  /** Runs what is on screen again. */
  rerun(): void;
}

const LABEL = 'Timing the constants to choose from';

export function createTuning({ session, chain, surviving, loadTuner, stage, rerun }: TuningParts) {
  let loading: Promise<Tuner> | undefined;
  const tuner = () => {
    loading ??= loadTuner().catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  return {
    /** The run with the constants that are remembered for this device, where it has some to choose. */
    async apply(engine: Engine, prepared: PreparedRun, settings: Experiment['config']): Promise<PreparedRun> {
      const { mechanism, variant, config } = prepared;
      if (!mechanism.tunings?.(variant.id, config, engine.adapter.limits).length) return prepared;
      // Without a network on a first visit the kernel runs as it is.
      const loaded = await tuner().catch(() => null);
      return loaded ? loaded.apply(engine, prepared, settings) : prepared;
    },

    /** @param asked by the user; else only where nothing is known yet, and nobody said otherwise */
    async run(engine: Engine, asked: boolean): Promise<void> {
      const prepared = stage.run?.prepared;
      if (!prepared?.tuned || !(asked || prepared.tuned.startsByItself)) return;
      const done = await chain.during('tune', LABEL, async (signal) => {
        const onProgress = (share: number) => !signal.aborted && chain.progress('tune', LABEL, share);
        const measure = async () => (await tuner()).tune(engine, prepared, { signal, onProgress });
        const tuned = await surviving(measure, signal, prepared.edited);
        signal.throwIfAborted();
        session.setState({ tuned });
      });
      const { tuned } = session.getState();
      if (done && tuned && tuned.from !== 'settings' && picksOthers(tuned)) rerun();
    },

    async forget(): Promise<void> {
      const { tuned } = session.getState();
      if (!tuned) return;
      (await tuner()).forget(tuned);
      session.setState({ tune: { kind: 'idle' } });
      rerun();
    },
  };
}

export type Tuning = ReturnType<typeof createTuning>;

const picksOthers = ({ used, result }: NonNullable<PreparedRun['tuned']>): boolean =>
  result !== null && Object.entries(result.tuning).some(([name, value]) => used[name] !== value);
