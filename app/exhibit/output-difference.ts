// How far one recorded run's output is from another's on the same input, as read back.

import type { Recording } from './recording.ts';

export interface OutputDifference {
  /** Largest |a − b| where both are finite. */
  most: number;
  /** Values of the first that are NaN or ±∞. */
  notFinite: number;
  elements: number;
}

/** @param name of an output that both runs have */
export function outputDifference(a: Recording, b: Recording, name: string): OutputDifference {
  const [own, its] = [a.outputs[name]!.data, b.outputs[name]!.data];
  let [most, notFinite] = [0, 0];
  for (let i = 0; i < own.length; i++) {
    const difference = Math.abs(own[i]! - its[i]!);
    if (!Number.isFinite(own[i]!)) notFinite++;
    else if (difference > most && Number.isFinite(difference)) most = difference;
  }
  return { most, notFinite, elements: own.length };
}

/** The first run of another variant on an input of the same size, unedited, to measure against. */
export function runBeside(recording: Recording, others: readonly Recording[]): Recording | undefined {
  return others.find(({ variant, edited }) => variant !== recording.variant && edited.length === 0);
}
