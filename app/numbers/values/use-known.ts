// What is known of a tensor as a whole, once it is counted.

import { useEffect, useState } from 'react';
import type { Recording } from '../../exhibit/recording.ts';
import { type Counted, countTensor } from './count-tensor.ts';
import type { RunTensor } from './run-tensors.ts';

/** Undefined while it is worked out. */
export function useKnown(recording: Recording, tensor: RunTensor): Counted | undefined {
  const [counted, setCounted] = useState<{ of: RunTensor; result: Counted } | null>(null);
  useEffect(() => {
    let isWanted = true;
    void countTensor(recording, tensor).done.then((result) => {
      if (isWanted) setCounted({ of: tensor, result });
    });
    return () => {
      isWanted = false;
    };
  }, [recording, tensor]);
  return counted?.of === tensor ? counted.result : undefined;
}
