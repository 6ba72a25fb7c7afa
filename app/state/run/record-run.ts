// A prepared run → its recording, ready to be shown.

import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import type { StepOrder } from '../stores/experiment.ts';
import type { createSurvivor } from './device-loss.ts';
import type { PreparedRun } from './prepared-run.ts';
import { recordingOf } from './recording-of-run.ts';
import { prepareView } from './settings-of-variant.ts';
import { inOrder } from './step-order.ts';
import { whatToRecord } from './what-to-record.ts';

export interface RecorderParts {
  surviving: ReturnType<typeof createSurvivor>;
  viewOf(mechanism: string): MechanismView | undefined;
  /** What runs before it had to say that nobody saw. */
  takeWarnings(): string[];
  /** Of the steps in playback. */
  order(): StepOrder;
}

/** @throws EngineError as the engine does */
export type RecordRun = (engine: Engine, prepared: PreparedRun, signal: AbortSignal) => Promise<Recording>;

export function createRecorder({ surviving, viewOf, takeWarnings, order }: RecorderParts): RecordRun {
  let count = 0;
  return async (engine, prepared, signal) => {
    const { experiment, inputs, edited } = prepared;
    const work = () => engine.run(experiment, { inputs, trace: whatToRecord(prepared), signal });
    const run = await surviving(work, signal, edited);
    run.warnings.unshift(...takeWarnings().filter((warning) => !run.warnings.includes(warning)));
    count += 1;
    const recording = await inOrder(recordingOf(`live-${count}`, prepared, run, engine.adapter), order());
    await prepareView(viewOf(recording.mechanism), recording);
    signal.throwIfAborted();
    return recording;
  };
}
