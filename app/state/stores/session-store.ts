// The session store: what came of the config. Engine, recordings, parity, timing, each with its own progress and error. Derived;
// never in the link. Written in app/state only: components call its actions.

import { createStore } from 'zustand/vanilla';
import type { EngineErrorCode } from '#gpu/core/errors.ts';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Totals } from '#gpu/mechanisms/mechanism.ts';
import type { AdapterFacts } from '#gpu/runtime/api.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ParityOutput, TimingContestant, TuningState } from '../../exhibit/results.ts';
import type { StudyProgress } from '../../exhibit/study.ts';
import type { Complaint } from './complaint.ts';

/** An EngineError (or anything else that went wrong) as the page shows it. */
export interface Problem {
  code: EngineErrorCode;
  message: string;
  field?: string;
  value?: string;
  limit?: string;
  line?: number;
  column?: number;
  /** What the user can do about it. */
  advice?: string;
}

export type Work =
  | { kind: 'idle' }
  | {
      kind: 'running';
      label: string /** 0 … 1; absent when unknown. */;
      share?: number /** Since when, ms. */;
      since: number;
    }
  | { kind: 'done' }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem };

export type EngineStatus =
  | { kind: 'opening' }
  | { kind: 'ready'; adapter: AdapterFacts }
  | { kind: 'failed'; problem: Problem };

/** Tensors of a dropped file. */
export interface FileInput {
  name: string;
  /** The mechanism whose inputs they are. */
  mechanism: string;
  tensors: Record<string, Tensor>;
  /** What is odd about its numbers, if anything. */
  remark?: string;
}

export interface SessionState {
  engine: EngineStatus;
  /** On the stage. Stays until the next one is there. */
  recording: Recording | null;
  /** Other variants on the same input: the compared one first. */
  others: readonly Recording[];
  /** Closed-form counts of the recording's variant and config. */
  cost: Totals | null;
  /** True while what is on screen belongs to an older config. */
  stale: boolean;
  run: Work;
  comparison: Work;
  parity: Work;
  parityOutputs: readonly ParityOutput[];
  timing: Work;
  contestants: readonly TimingContestant[];
  tune: Work;
  /** How the kernel on the stage is tuned to this device; null where it has nothing to tune. */
  tuned: TuningState | null;
  encoder: Work;
  file: FileInput | null;
  /** Why the input on screen is not the one asked for, if so. */
  inputNote: string | null;
  /** Values of the link that could not be used. */
  complaints: readonly Complaint[];
  /** Things that happened and need no action: device reopened, file read. */
  notices: readonly string[];
  /** What came of the studies of views, by `studyKey`. */
  studies: Readonly<Record<string, StudyProgress>>;
}

export type SessionStore = ReturnType<typeof createSessionStore>;

export const IDLE: Work = { kind: 'idle' };

export function createSessionStore() {
  return createStore<SessionState>()(() => ({
    engine: { kind: 'opening' },
    recording: null,
    others: [],
    cost: null,
    stale: false,
    run: IDLE,
    comparison: IDLE,
    parity: IDLE,
    parityOutputs: [],
    timing: IDLE,
    contestants: [],
    tune: IDLE,
    tuned: null,
    encoder: IDLE,
    file: null,
    inputNote: null,
    complaints: [],
    notices: [],
    studies: {},
  }));
}
