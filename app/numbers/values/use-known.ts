// What is known of a tensor as a whole, worked out in slices while the page goes on, once for each recording.

import { useEffect, useState } from 'react';
import { finishInSlices, type Sliced } from '#gpu/core/sliced.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type Contents, contentsOf, type RunTensor } from './run-tensors.ts';
import { type Statistics, statisticsOf } from './statistics.ts';

export interface Known {
  contents: Contents;
  statistics: Statistics;
}

const made = new WeakMap<Recording, Map<string, Known | null>>();

function* makeKnown(recording: Recording, tensor: RunTensor): Sliced<Known | null> {
  const contents = yield* contentsOf(recording, tensor);
  return contents && { contents, statistics: yield* statisticsOf(contents.values, contents.step) };
}

/** Undefined while it is worked out; null where nothing is known. */
export function useKnown(recording: Recording, tensor: RunTensor | null): Known | null | undefined {
  const [, tell] = useState(0);
  const ofRun = made.get(recording) ?? new Map<string, Known | null>();
  made.set(recording, ofRun);
  useEffect(() => {
    if (!tensor || ofRun.has(tensor.name)) return;
    let isWanted = true;
    void finishInSlices(makeKnown(recording, tensor)).then((known) => {
      ofRun.set(tensor.name, known);
      if (isWanted) tell((times) => times + 1);
    });
    return () => {
      isWanted = false;
    };
  }, [recording, tensor, ofRun]);
  return tensor ? ofRun.get(tensor.name) : null;
}
