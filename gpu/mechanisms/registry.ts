// Every mechanism and primitive, by id. A new one adds one line.

import type { Mechanism } from './mechanism.ts';

const all: Mechanism[] = [];

export const mechanisms: ReadonlyMap<string, Mechanism> = new Map(all.map((mechanism) => [mechanism.id, mechanism]));
