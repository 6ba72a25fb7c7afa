// The work under way: a chain of stages that one change of the config started, each with progress, error and cancel of its own. A newer
// chain ends the one before, and what that one still has to say is dropped.

import { isAborted, problemOf } from '../stores/problems.ts';
import type { SessionStore, Work } from '../stores/session-store.ts';

/** What is done for the run on the stage once it is there. */
const BESIDE = ['comparison', 'parity', 'timing', 'tune'] as const;

export type StageName = 'run' | (typeof BESIDE)[number];

export interface Stages {
  /** Ends the chain under way and begins another. @returns its signal */
  begin(): AbortSignal;
  /** Ends what is under way beside a run: another takes its place on the stage. */
  endBeside(): void;
  /** Runs one stage of the chain, in place of the same one under way; errors end in the session store, and only there. True if it finished. */
  during(stage: StageName, label: string, work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Says how far a running stage is, 0 … 1. */
  progress(stage: StageName, label: string, share: number): void;
  cancel(stage: StageName): void;
}

/** @param now milliseconds, monotonic */
export function createStages(session: SessionStore, now: () => number): Stages {
  let chain = new AbortController();
  const running: Partial<Record<StageName, AbortController>> = {};
  const set = (stage: StageName, work: Work) => session.setState({ [stage]: work });
  const progress = (stage: StageName, label: string, share?: number) =>
    set(stage, { kind: 'running', label, share, since: now() });

  function endBeside(): void {
    for (const stage of BESIDE) {
      running[stage]?.abort();
      delete running[stage];
      if (session.getState()[stage].kind === 'running') set(stage, { kind: 'idle' });
    }
  }

  return {
    begin() {
      chain.abort();
      chain = new AbortController();
      delete running.run;
      endBeside();
      return chain.signal;
    },
    endBeside,
    async during(stage, label, work) {
      running[stage]?.abort();
      const own = new AbortController();
      running[stage] = own;
      const signal = AbortSignal.any([chain.signal, own.signal]);
      progress(stage, label);
      try {
        await work(signal);
        signal.throwIfAborted();
        delete running[stage];
        set(stage, { kind: 'done' });
        return true;
      } catch (error) {
        // What was ended leaves no marks: what replaced it has written its own.
        if (running[stage] !== own) return false;
        delete running[stage];
        set(stage, isAborted(error) ? { kind: 'cancelled' } : { kind: 'failed', problem: problemOf(error) });
        return false;
      }
    },
    progress,
    cancel: (stage) => running[stage]?.abort(),
  };
}
