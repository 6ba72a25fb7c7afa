// The work under way: a chain of stages that one change of the config started, each with progress, error and cancel of its own. A newer
// chain ends the one before, and what that one still has to say is dropped.

import { EngineError } from '#gpu/core/errors.ts';
import { isAborted, problemOf } from '../stores/problems.ts';
import type { SessionStore, Work } from '../stores/session-store.ts';

export type Stage = 'run' | 'comparison' | 'parity' | 'timing' | 'tune';

export interface Stages {
  /** Ends the chain under way and begins another. @returns its signal */
  begin(): AbortSignal;
  /** Runs one stage of the chain; errors end in the session store, and only there. True if it finished. */
  during(stage: Stage, label: string, work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Says how far a running stage is, 0 … 1. */
  progress(stage: Stage, label: string, share: number): void;
  cancel(stage: Stage): void;
}

/** @param now milliseconds, monotonic */
export function createStages(session: SessionStore, now: () => number): Stages {
  let chain = new AbortController();
  let running: Partial<Record<Stage, AbortController>> = {};
  const set = (stage: Stage, work: Work) => session.setState({ [stage]: work });
  const progress = (stage: Stage, label: string, share?: number) =>
    set(stage, { kind: 'running', label, share, since: now() });

  return {
    begin() {
      chain.abort();
      chain = new AbortController();
      running = {};
      return chain.signal;
    },
    async during(stage, label, work) {
      const own = new AbortController();
      running[stage] = own;
      const signal = AbortSignal.any([chain.signal, own.signal]);
      progress(stage, label);
      try {
        await work(signal);
        if (signal.aborted) throw new EngineError('aborted', `${stage} was cancelled`);
        set(stage, { kind: 'done' });
        return true;
      } catch (error) {
        // A stale chain leaves no marks: the one that replaced it has written its own.
        if (running[stage] !== own) return false;
        set(stage, isAborted(error) ? { kind: 'cancelled' } : { kind: 'failed', problem: problemOf(error) });
        return false;
      }
    },
    progress,
    cancel: (stage) => running[stage]?.abort(),
  };
}
