// Where the recorder's buffer goes: the first bind group that no variable of the kernel uses.

import { EngineError } from '../core/errors.ts';
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
