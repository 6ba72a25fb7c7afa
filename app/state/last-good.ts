// What was last drawn without a fault, and the way back to it: whatever cannot be drawn never takes the rest of the page with it.

import type { Recording } from '../exhibit/recording.ts';
import type { Page } from './page-context.ts';
import type { Experiment } from './stores/experiment.ts';

interface Good {
  experiment: Experiment;
  recording: Recording;
}

type Parts = Pick<Page, 'config' | 'session' | 'controller'>;

const good = new WeakMap<Page['session'], Good>();
/** Recordings of which some part could not be drawn. */
const faulty = new WeakSet<Recording>();

/** Some part of what is on the stage could not be drawn. */
export function noteFault({ session }: Pick<Parts, 'session'>): void {
  const { recording } = session.getState();
  if (recording) faulty.add(recording);
}

/** What is on the stage has been drawn. */
export function keepGood({ config, session }: Pick<Parts, 'config' | 'session'>): void {
  const { recording, stale } = session.getState();
  if (recording && !stale && !faulty.has(recording))
    good.set(session, { recording, experiment: config.getState().experiment });
}

/** Whether there is something else to go back to than what is on the stage. */
export function canGiveBack({ session }: Pick<Parts, 'session'>): boolean {
  const kept = good.get(session);
  return kept !== undefined && kept.recording !== session.getState().recording;
}

/** The experiment and the picture that were there before; where there is none, what is on screen runs again. */
export function giveBack({ config, session, controller }: Parts): void {
  const kept = good.get(session);
  if (!kept || kept.recording === session.getState().recording) {
    controller.rerun();
    return;
  }
  const { arrangement } = config.getState();
  config.getState().open(kept.experiment, arrangement, null);
  controller.restore(kept.recording, kept.experiment);
}
