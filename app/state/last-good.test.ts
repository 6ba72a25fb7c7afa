import { expect, test } from 'vitest';
import type { Recording } from '../exhibit/recording.ts';
import { canGiveBack, giveBack, keepGood, noteFault } from './last-good.ts';
import { createConfigStore } from './stores/config-store.ts';
import { DEFAULT_EXPERIMENT, type Experiment } from './stores/experiment.ts';
import { createSessionStore } from './stores/session-store.ts';

function page() {
  const calls: string[] = [];
  const session = createSessionStore();
  const controller = {
    rerun: () => void calls.push('rerun'),
    restore: (recording: Recording, of: Experiment) => {
      calls.push(`${recording.id} of seed ${of.seed}`);
      session.setState({ recording });
    },
  };
  return { session, config: createConfigStore(), controller, calls } as unknown as Parameters<typeof giveBack>[0] & {
    calls: string[];
  };
}

const recordingOf = (id: string) => ({ id }) as Recording;

test('after a fault the experiment and the picture of before come back, and the way on is theirs', () => {
  const here = page();
  const { session, config, calls } = here;
  session.setState({ recording: recordingOf('first') });
  keepGood(here);
  config.getState().change({ seed: 7 });
  session.setState({ recording: recordingOf('second') });
  noteFault(here);
  // Drawn anew, it is no better.
  keepGood(here);
  expect(canGiveBack(here)).toBe(true);
  giveBack(here);
  expect(calls).toEqual([`first of seed ${DEFAULT_EXPERIMENT.seed}`]);
  expect(config.getState().experiment).toEqual(DEFAULT_EXPERIMENT);
  expect(session.getState().recording?.id).toBe('first');
  expect(canGiveBack(here)).toBe(false);
  // What failed can still be had again.
  config.getState().undo();
  expect(config.getState().experiment.seed).toBe(7);
});

test('where nothing was drawn before, or it is what is there, it runs again', () => {
  const here = page();
  expect(canGiveBack(here)).toBe(false);
  giveBack(here);
  here.session.setState({ recording: recordingOf('only') });
  keepGood(here);
  giveBack(here);
  expect(here.calls).toEqual(['rerun', 'rerun']);
});

test('what is on screen of an older experiment is not remembered as the new one’s', () => {
  const here = page();
  here.session.setState({ recording: recordingOf('old'), stale: true });
  keepGood(here);
  here.session.setState({ recording: recordingOf('new'), stale: false });
  expect(canGiveBack(here)).toBe(false);
});
