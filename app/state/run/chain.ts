// The work under way: a chain of parts that one change of the config started, each with progress, error and cancel of its own. A newer
// chain ends the one before, and what that one still has to say is dropped.

import { isAborted, problemOf } from '../stores/problems.ts';
import type { SessionStore, Work } from '../stores/session-store.ts';

/** What is done for the run on the stage once it is there. */
const BESIDE = ['comparison', 'parity', 'timing', 'tune'] as const;

export type ChainPart = 'run' | (typeof BESIDE)[number];

export interface Chain {
  /** Ends the chain under way and begins another. @returns its signal */
  begin(): AbortSignal;
  /** Ends what is under way beside a run: another takes its place on the stage. */
  endBeside(): void;
  /** Runs one part of the chain, in place of the same one under way; errors end in the session store, and only there. True if it finished. */
  during(part: ChainPart, label: string, work: (signal: AbortSignal) => Promise<void>): Promise<boolean>;
  /** Says how far a running part is, 0 … 1. */
  progress(part: ChainPart, label: string, share: number): void;
  cancel(part: ChainPart): void;
}

/** @param now milliseconds, monotonic */
export function createChain(session: SessionStore, now: () => number): Chain {
  let whole = new AbortController();
  const running: Partial<Record<ChainPart, AbortController>> = {};
  const set = (part: ChainPart, work: Work) => session.setState({ [part]: work });
  const progress = (part: ChainPart, label: string, share?: number) =>
    set(part, { kind: 'running', label, share, since: now() });

  function endBeside(): void {
    for (const part of BESIDE) {
      running[part]?.abort();
      delete running[part];
      if (session.getState()[part].kind === 'running') set(part, { kind: 'idle' });
    }
  }

  return {
    begin() {
      whole.abort();
      whole = new AbortController();
      delete running.run;
      endBeside();
      return whole.signal;
    },
    endBeside,
    async during(part, label, work) {
      running[part]?.abort();
      const own = new AbortController();
      running[part] = own;
      const signal = AbortSignal.any([whole.signal, own.signal]);
      progress(part, label);
      try {
        await work(signal);
        signal.throwIfAborted();
        delete running[part];
        set(part, { kind: 'done' });
        return true;
      } catch (error) {
        // What was ended leaves no marks: what replaced it has written its own.
        if (running[part] !== own) return false;
        delete running[part];
        set(part, isAborted(error) ? { kind: 'cancelled' } : { kind: 'failed', problem: problemOf(error) });
        return false;
      }
    },
    progress,
    cancel: (part) => running[part]?.abort(),
  };
}
