// What stands on the stage: a recording, and of a run of this device what it takes to run others beside it.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ConfigStore } from '../stores/config-store.ts';
import type { CursorStore } from '../stores/cursor-store.ts';
import { type Experiment, runsTheSame } from '../stores/experiment.ts';
import type { LinkedPlace } from '../stores/link-state.ts';
import type { SessionState, SessionStore } from '../stores/session-store.ts';
import type { Chain } from './chain.ts';
import { createPlacing } from './place-cursor.ts';
import type { GivenInput, PreparedRun } from './prepared-run.ts';
import { costOf } from './runs-beside.ts';

/** A run of this device, and what it takes to run others beside it. */
export interface StagedRun {
  prepared: PreparedRun;
  /** Those recorded beside it. */
  companions: PreparedRun[];
  /** As it ran: with the sizes of a preset where the page named none. */
  experiment: Experiment;
  given: GivenInput | null;
  /** How long the engine took for it, compiling included. */
  ms: number;
}

/** A new recording on the stage: what stood beside the last one does not stand beside this one. */
const NOTHING_BESIDE = {
  others: [],
  parityOutputs: [],
  contestants: [],
  comparison: { kind: 'idle' },
  parity: { kind: 'idle' },
  timing: { kind: 'idle' },
  tune: { kind: 'idle' },
} as const satisfies Partial<SessionState>;

export interface StageParts {
  config: ConfigStore;
  session: SessionStore;
  cursor: CursorStore;
  /** Those that are loaded. */
  mechanisms: ReadonlyMap<string, Mechanism>;
  /** True if a recording should play by itself when it comes. */
  autoplay(): boolean;
  /** Where the link says the cursor stands; the first recordings open there, paused. Null = play from the start. */
  linkedPlace: LinkedPlace | null;
}

export function createStage(parts: StageParts, chain: Chain) {
  const { config, session, mechanisms } = parts;
  const { place, openAt } = createPlacing(parts.cursor, parts.autoplay, parts.linkedPlace);
  let current: StagedRun | null = null;

  return {
    openAt,
    /** The run on the stage; null where what stands there was not run here. */
    get run() {
      return current;
    },
    /**
     * @param run null for a recording that was not made here
     * @param asked the experiment that it was to show; a newer one makes it old. Absent for what no setting asks for
     */
    put(recording: Recording, run: StagedRun | null, asked?: Experiment): void {
      chain.endBeside();
      current = run;
      const { recording: before } = session.getState();
      session.setState({
        recording,
        cost: costOf(recording, mechanisms),
        ...NOTHING_BESIDE,
        stale: asked !== undefined && !runsTheSame(asked, config.getState().experiment),
        tuned: run?.prepared.tuned ?? null,
      });
      place(recording, before);
    },
    /** The same run, compared with other variants. */
    compareAnew(): void {
      const { compare } = config.getState().experiment;
      if (current) current = { ...current, companions: [], experiment: { ...current.experiment, compare } };
      session.setState({ others: [], contestants: [], comparison: { kind: 'idle' }, timing: { kind: 'idle' } });
    },
    /** A shipped recording can be on the stage before its mechanism is here, which knows the closed form. */
    count(): void {
      const { recording, cost } = session.getState();
      if (recording && cost === null) session.setState({ cost: costOf(recording, mechanisms) });
    },
    /** What is there stays to be seen; nothing is run beside it. */
    leave(): void {
      current = null;
    },
  };
}

export type Stage = ReturnType<typeof createStage>;
