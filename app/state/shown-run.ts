// The run that the stage will show, before it runs: prepared for this device, and compiled while its input is still loading.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Experiment } from './experiment.ts';
import { assertWatchable, type GivenInput, type PreparedRun, prepareRun } from './prepared-run.ts';
import type { SessionStore } from './session-store.ts';
import type { createTuneStage } from './tune-stage.ts';

/** Random input of the first preset's sizes, where the page's own config names none. */
export function withPresetSizes(mechanism: Mechanism, experiment: Experiment): Experiment {
  return { ...experiment, config: { ...mechanism.presets[0]?.config, ...experiment.config } as Experiment['config'] };
}

/** @param mechanismOf throws unknown-mechanism */
export function createShownRun(
  session: SessionStore,
  tuning: Pick<ReturnType<typeof createTuneStage>, 'apply'>,
  mechanismOf: (id: string) => Mechanism,
) {
  /** @throws EngineError as prepareRun does, and limit-exceeded for what cannot be watched here */
  async function prepare(active: Engine, experiment: Experiment, given: GivenInput | null): Promise<PreparedRun> {
    const { limits, isSoftware } = active.adapter;
    const mechanism = mechanismOf(experiment.mechanism);
    const untuned = prepareRun(mechanism, experiment, experiment.variant, given, limits, [], isSoftware);
    const prepared = await tuning.apply(active, untuned, experiment.config);
    assertWatchable(prepared, isSoftware);
    return prepared;
  }

  /**
   * Compiles the kernels of the shipped recording on the stage, plain and recorded, by one run on its own inputs that nobody sees: on a
   * software adapter that takes longer than all else before the first live picture. What fails here fails again, and is told, in the
   * run that is shown.
   */
  function compileAhead(active: Engine, experiment: Experiment, signal: AbortSignal): void {
    const { recording } = session.getState();
    if (recording?.device.origin !== 'shipped') return;
    const { mechanism, variant, inputs: tensors } = recording;
    if (mechanism !== experiment.mechanism || variant !== experiment.variant) return;
    const run = async () => {
      const prepared = await prepare(active, experiment, { tensors });
      // A kernel that someone edited may bring the device down: it runs where that is told.
      if (prepared.edited.length > 0) return;
      await active.run(prepared.experiment, { inputs: prepared.inputs, trace: true, signal });
    };
    run().catch(() => {});
  }

  return { prepare, compileAhead };
}
