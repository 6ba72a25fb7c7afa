// What a view runs on this device beside the recording: trials, and memory against length.

import type { Engine } from '#gpu/runtime/api.ts';
import type { Recording } from './recording.ts';

/** One Session: what it keeps for the next token after `length` tokens, and what one recorded decode step moved. All bytes. */
export interface GrowthPoint {
  length: number;
  /** Device bytes of the buffers that carry everything from one token to the next, by name. */
  caches: Record<string, number>;
  /** Their sum, and what the formula says. */
  kept: number;
  closedForm: number;
  /** Read and written in storage buffers by the step, and the part of the reads that went to the caches. */
  read: number;
  written: number;
  readOfKept: number;
}

/** A mechanism that generates token by token (`Mechanism.decoding`), at every length. */
export interface GrowthSeries {
  mechanism: string;
  title: string;
  /** 'state', 'KV cache'. */
  keeps: string;
  letter: string;
  /** Its sizes other than the length, in a few words. */
  sizes: string;
  /** In the order of length. */
  points: GrowthPoint[];
}

/** Memory against length, from Sessions of the recording's mechanism (first) and of the others that can stand in its place. */
export interface Growth {
  /** Id of the recording whose settings they have. */
  recording: string;
  /** Channels of a token, the same for all. */
  width: number;
  /** Tokens of the recording itself. */
  length: number;
  series: GrowthSeries[];
  /** Why longer ones were left out, if they were. */
  stopped: string | null;
}

/** Growth as far as it is known: a result stays until the next one is there. */
export interface GrowthState {
  work:
    | { kind: 'idle' | 'done' | 'cancelled' }
    | { kind: 'running'; label: string; share?: number }
    | { kind: 'failed'; problem: { message: string } };
  result: Growth | null;
  /** Starts it again; cancels it. */
  start(): void;
  cancel(): void;
}

/** A line of a trial's result: plain numbers and names. */
export type TrialRow = Readonly<Record<string, number | string>>;

/** Runs of this device that a view shows besides the recording: how well a model does on fresh streams, say. */
export interface Trial {
  /** What is under way, for the line of progress. */
  label: string;
  /** Gives every line as soon as it is there, with how far the whole is (0 … 1). Stops between two runs when `signal` says so. */
  run(
    engine: Pick<Engine, 'run' | 'open'>,
    signal: AbortSignal,
    onRow: (row: TrialRow, share: number) => void,
  ): Promise<void>;
}

export interface TrialState {
  kind: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  /** 0 … 1. */
  share: number;
  rows: readonly TrialRow[];
  /** Why it failed. */
  message?: string;
}

/** A line of a study's result: plain numbers and names, by the ids of its columns. */
export type StudyRow = TrialRow;

/** What a view runs on this device beside the recording: counts against length, right answers on fresh streams, a sweep. One contract. */
export interface Study {
  id: string;
  /** What is under way, for the line of progress. */
  label: string;
  columns: readonly { id: string; title: string; unit?: string }[];
  /** What the result belongs to: it is dropped where this changes. The exhibit as a whole, where absent. */
  of?(run: Recording): string;
  /**
   * Gives every line as soon as it is there, with how far the whole is (0 … 1). Stops between two runs when `signal` says so. The engine
   * is its own for the run only.
   */
  run(
    engine: Pick<Engine, 'run' | 'open' | 'adapter'>,
    signal: AbortSignal,
    onRow: (row: StudyRow, share: number) => void,
    run: Recording,
  ): Promise<void>;
}

export interface StudyState {
  kind: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  /** 0 … 1. */
  share: number;
  rows: readonly StudyRow[];
  /** Why it failed, or why it ended early. */
  message?: string;
  /** Starts it again. */
  start(): void;
  cancel(): void;
}
