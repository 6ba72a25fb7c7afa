// Where an added buffer goes: the recorder's into the first bind group that no variable of the kernel uses.

import { EngineError } from '../../core/errors.ts';

interface Place {
  group: number;
  binding: number;
}

/** @param taken places of the kernel's variables @throws EngineError limit-exceeded when the kernel uses all of the device's `maxBindGroups` */
export function freeGroup(taken: readonly Place[], maxBindGroups = 4): number {
  const used = new Set(taken.map(({ group }) => group));
  for (let group = 0; group < maxBindGroups; group++) if (!used.has(group)) return group;
  throw new EngineError('limit-exceeded', `the kernel uses all ${maxBindGroups} bind groups; the recorder needs one`, {
    field: 'maxBindGroups',
    value: used.size + 1,
    limit: maxBindGroups,
  });
}

/** A place for one more buffer: in a bind group of its own, or behind the last binding of the last one where all are used. */
export function freeBinding(taken: readonly Place[], maxBindGroups = 4): Place {
  const groups = new Set(taken.map(({ group }) => group));
  if (groups.size < maxBindGroups) return { group: freeGroup(taken, maxBindGroups), binding: 0 };
  const group = maxBindGroups - 1;
  return {
    group,
    binding: 1 + Math.max(...taken.filter((each) => each.group === group).map(({ binding }) => binding)),
  };
}
