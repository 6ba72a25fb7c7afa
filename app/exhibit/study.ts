// What a view runs on this device beside the recording: counts against length, right answers on fresh streams, a sweep. One contract.

import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from './recording.ts';

/** A line of a study's result: plain numbers and names. Those of its columns stand in the view's table. */
export type StudyRow = Readonly<Record<string, number | string>>;

/** The engine as a study is handed it: for its run only, after the page's own work, and within what can be watched here. */
export type StudyEngine = Pick<Engine, 'run' | 'open' | 'adapter'>;

export interface Study {
  /** One of its exhibit. */
  id: string;
  /** What is under way, for the line of progress. */
  label: string;
  columns: readonly { id: string; title: string; unit?: string }[];
  /**
   * What of the recording the result belongs to: it is dropped where this changes, and only a recording of this device has one, for the
   * study may run its kernels. Absent where the result belongs to the exhibit as a whole.
   */
  of?(run: Recording): string;
  /**
   * Gives every line as soon as it is there, with how far the whole is (0 … 1). Stops between two runs when `signal` says so.
   *
   * @returns why it ended early; null where it did not
   */
  run(
    engine: StudyEngine,
    signal: AbortSignal,
    onRow: (row: StudyRow, share: number) => void,
    run: Recording,
  ): Promise<string | null>;
}

/** Where a study stands. */
export interface StudyProgress {
  kind: 'idle' | 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  /** 0 … 1. */
  share: number;
  rows: readonly StudyRow[];
  /** Why it failed, or why it ended early. */
  message: string | null;
}

/** The same, as a view is given it. */
export interface StudyState extends StudyProgress {
  /** Starts it, again where it is over. */
  start(): void;
  cancel(): void;
}

export const NOT_STARTED: StudyProgress = { kind: 'idle', share: 0, rows: [], message: null };

/** Where the session keeps what came of it. */
export const studyKey = ({ mechanism }: Recording, { id }: Study): string => `${mechanism} ${id}`;
