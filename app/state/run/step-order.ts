// The order in which playback goes through a recording: as the device ran it, or workgroup by workgroup, the same in every run. Of a
// re-ordered recording everything is the recording's own but the order of its steps, so pictures, story, timeline and links follow by
// themselves.

import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import type { ConfigStore } from '../stores/config-store.ts';
import type { CursorStore } from '../stores/cursor-store.ts';
import { orderOf, type StepOrder } from '../stores/experiment.ts';
import { tell } from '../stores/notices.ts';
import type { SessionStore } from '../stores/session-store.ts';
import { stepAt, tickOf } from './place-cursor.ts';
import { prepareView } from './settings-of-variant.ts';

const byWorkgroup = new WeakMap<Recording, Recording>();
const recorded = new WeakMap<Recording, Recording>();

/** The recording as it was made. */
export const asRecorded = (recording: Recording): Recording => recorded.get(recording) ?? recording;

const isIn = (order: StepOrder, recording: Recording) => recorded.has(recording) === (order === 'workgroup');

/** The same recording in `order`; always the same object for it. */
export async function inOrder(given: Recording, order: StepOrder): Promise<Recording> {
  const recording = asRecorded(given);
  const known = order === 'recorded' ? recording : byWorkgroup.get(recording);
  if (known) return known;
  const { byWorkgroup: reordered } = await import('#gpu/trace/by-workgroup.ts');
  const made = { ...recording, id: `${recording.id}-by-workgroup`, trace: reordered(recording.trace) };
  byWorkgroup.set(recording, made);
  recorded.set(made, recording);
  return made;
}

export interface StepOrderParts {
  config: ConfigStore;
  session: SessionStore;
  cursor: CursorStore;
  viewOf(mechanism: string): MechanismView | undefined;
}

/** What is on the stage takes the order that the page asks for; the cursor stays at its step. @returns the stop function */
export function keepStepOrder({ config, session, cursor, viewOf }: StepOrderParts): () => void {
  const ready = async (recording: Recording, order: StepOrder) => {
    const ordered = await inOrder(recording, order);
    await prepareView(viewOf(ordered.mechanism), ordered);
    return ordered;
  };
  const reorder = async () => {
    const asked = () => orderOf(config.getState().arrangement);
    const order = asked();
    const { recording, others } = session.getState();
    const isWrong = (each: Recording | null) => each !== null && !isIn(order, each);
    if (!isWrong(recording) && !others.some(isWrong)) return;
    const [main, beside] = await Promise.all([
      recording && ready(recording, order),
      Promise.all(others.map((each) => ready(each, order))),
    ]);
    const now = session.getState();
    // What came meanwhile is looked at by itself.
    if (now.recording !== recording || now.others !== others || asked() !== order) return;
    const { tick, length } = cursor.getState();
    const step = recording && tick < length ? stepAt(recording, tick) : null;
    session.setState({ recording: main, others: beside });
    if (main && step) cursor.setState({ tick: tickOf(main, step) ?? tick });
  };
  const look = () => void reorder().catch((error: Error) => tell(session, error.message));
  const stops = [
    config.subscribe(({ arrangement }, before) => {
      if (orderOf(arrangement) !== orderOf(before.arrangement)) look();
    }),
    session.subscribe(({ recording, others }, before) => {
      if (recording !== before.recording || others !== before.others) look();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
