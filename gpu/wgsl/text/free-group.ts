// Where an added buffer goes: the recorder's into the first bind group that no variable of the kernel uses.

import { EngineError } from '../../core/errors.ts';
import { reflectBindings } from './reflect.ts';

/** @throws EngineError limit-exceeded when the kernel uses all of the device's `maxBindGroups` */
export function freeGroup(source: string, maxBindGroups = 4): number {
  const used = new Set(reflectBindings(source).map(({ group }) => group));
  for (let group = 0; group < maxBindGroups; group++) if (!used.has(group)) return group;
  throw new EngineError('limit-exceeded', `the kernel uses all ${maxBindGroups} bind groups; the recorder needs one`, {
    field: 'maxBindGroups',
    value: used.size + 1,
    limit: maxBindGroups,
  });
}

/** A place for one more buffer: in a bind group of its own, or behind the last binding of the last one where all are used. */
export function freeBinding(source: string, maxBindGroups = 4): { group: number; binding: number } {
  const used = reflectBindings(source);
  const groups = new Set(used.map(({ group }) => group));
  if (groups.size < maxBindGroups) return { group: freeGroup(source, maxBindGroups), binding: 0 };
  const group = maxBindGroups - 1;
  return { group, binding: 1 + Math.max(...used.filter((each) => each.group === group).map(({ binding }) => binding)) };
}
