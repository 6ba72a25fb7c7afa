// What is known of a tensor as a whole, worked out in slices while the page goes on, once for each recording.

import { finishInSlices, type Sliced } from '#gpu/core/sliced.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type Contents, contentsOf, type RunTensor } from './run-tensors.ts';
import { type Statistics, statisticsOf } from './statistics.ts';

export interface Known {
  contents: Contents;
  statistics: Statistics;
}

/** Null: nothing is known of it. An Error: what kept it from being counted. */
export type Counted = Known | null | Error;

interface Counting {
  /** Undefined while it is worked out. */
  result?: Counted;
  /** Never rejects. */
  done: Promise<Counted>;
}

const countings = new WeakMap<Recording, Map<string, Counting>>();

function* makeKnown(recording: Recording, tensor: RunTensor): Sliced<Known | null> {
  const contents = yield* contentsOf(recording, tensor);
  return contents && { contents, statistics: yield* statisticsOf(contents.values, contents.step) };
}

/** Counts once, however often it is asked for; what failed is tried again. */
export function countTensor(recording: Recording, tensor: RunTensor): Counting {
  const ofRun = countings.get(recording) ?? new Map<string, Counting>();
  countings.set(recording, ofRun);
  const known = ofRun.get(tensor.name);
  if (known && !(known.result instanceof Error)) return known;
  const counting: Counting = {
    done: finishInSlices(makeKnown(recording, tensor)).then(
      (result) => {
        counting.result = result;
        return result;
      },
      (error: Error) => {
        counting.result = error;
        return error;
      },
    ),
  };
  ofRun.set(tensor.name, counting);
  return counting;
}
