// Runs a view's trial on this device: after what the page itself has under way, row by row into the session store, until it is done or
// stopped. Loaded when a view first asks.

import { EngineError } from '#gpu/core/errors.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Trial, TrialState } from '../../exhibit/study.ts';
import { isAborted } from '../stores/problems.ts';
import type { SessionState, SessionStore } from '../stores/session-store.ts';

const under = new Map<string, AbortController>();

/** The page's own work starts within this time after the last of it ended, or not at all. */
const LULL_MS = 400;

const isBusy = ({ engine, run, comparison, parity, timing, encoder }: SessionState) =>
  engine.kind === 'opening' || [run, comparison, parity, timing, encoder].some(({ kind }) => kind === 'running');

/** Resolves when the page's own runs are over: a trial beside a timing would spoil it. */
async function idle(session: SessionStore): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LULL_MS));
    if (!isBusy(session.getState())) return;
    await new Promise<void>((resolve) => {
      const stop = session.subscribe((state) => {
        if (isBusy(state)) return;
        stop();
        resolve();
      });
    });
  }
}

type Runner = Pick<Engine, 'run' | 'open'>;

/** The engine, for work that gives way: a run waits while the page has one of its own under way. */
function polite(engine: Runner, session: SessionStore): Runner {
  const lull = () => (isBusy(session.getState()) ? idle(session) : undefined);
  return {
    run: async (...given) => {
      await lull();
      return engine.run(...given);
    },
    open: async (...given) => {
      await lull();
      return engine.open(...given);
    },
  };
}

export interface TrialParts {
  session: SessionStore;
  /** Null while there is none. */
  engine(): Runner | null;
  /** Where its state is kept. */
  key: string;
  trial: Trial;
}

/** Starts the trial, again if it was over; nothing while it is under way. */
export async function startTrial({ session, engine, key, trial }: TrialParts): Promise<void> {
  if (under.has(key)) return;
  const set = (part: Partial<TrialState>) =>
    session.setState(({ trials }) => {
      const before: TrialState = trials[key] ?? { kind: 'waiting', share: 0, rows: [] };
      return { trials: { ...trials, [key]: { ...before, ...part } } };
    });
  const { signal } = under.set(key, new AbortController()).get(key)!;
  set({ kind: 'waiting', share: 0, rows: [], message: undefined });
  try {
    await idle(session);
    const open = engine();
    if (!open) throw new EngineError('no-adapter', 'This needs a device with WebGPU; there is none.');
    if (signal.aborted) throw new EngineError('aborted', 'the trial was stopped');
    set({ kind: 'running' });
    await trial.run(polite(open, session), signal, (row, share) => {
      if (!signal.aborted) set({ share, rows: [...(session.getState().trials[key]?.rows ?? []), row] });
    });
    set({ kind: signal.aborted ? 'cancelled' : 'done' });
  } catch (error) {
    if (isAborted(error) || signal.aborted) set({ kind: 'cancelled' });
    else set({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    under.delete(key);
  }
}

export function stopTrial(key: string): void {
  under.get(key)?.abort();
}
