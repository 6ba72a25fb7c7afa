// The cursor's tick at a bounded rate, for the parts beside the main picture: while playing they are drawn in turns rather than all in
// one frame, so that no frame is long. Paused, every step shows at once.

import { useEffect, useState } from 'react';
import { usePage } from '../page-context.ts';

/** Milliseconds between two drawings of a paced part while playing. */
const PERIOD_MS = 90;
const TURNS = 3;

/** @param turn which of the turns this part takes, 0 … 2 */
export function usePacedTick(turn: number): number {
  const { cursor } = usePage();
  const [tick, setTick] = useState(() => cursor.getState().tick);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setTick(cursor.getState().tick);
    };
    show();
    const unsubscribe = cursor.subscribe(({ playing, tick: now }, before) => {
      if (now === before.tick && playing === before.playing) return;
      // A jump back, as when the run starts over, is not the next moment of what is shown.
      if (!playing || now < before.tick) {
        clearTimeout(timer);
        show();
        return;
      }
      const phase = (performance.now() + (turn * PERIOD_MS) / TURNS) % PERIOD_MS;
      timer ??= setTimeout(show, PERIOD_MS - phase);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [cursor, turn]);
  return tick;
}
