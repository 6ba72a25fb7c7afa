// What every library looks like to the race.

import type { Problem } from './problem.ts';

/** One library's way to solve one problem, its inputs already where it computes. */
export interface Entry {
  /** Solves the problem `times` times and resolves when the device is done with all of them. */
  run(times: number): Promise<void>;
  /** The output of a run. */
  read(): Promise<ArrayLike<number>>;
  dispose(): Promise<void> | void;
}

export interface Contestant {
  name: string;
  /** False for what computes on the processor in WebAssembly: a comparison of its own. */
  webgpu: boolean;
  /** Undefined where the library has nothing for the problem. */
  enter(problem: Problem): Promise<Entry | undefined>;
}
