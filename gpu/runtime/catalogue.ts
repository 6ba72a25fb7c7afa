// What an engine can run by name. The registries by default; tests add mechanisms of their own.

import type { Mechanism } from '../mechanisms/mechanism.ts';
import type { Model } from '../model/model.ts';

export interface Catalogue {
  mechanisms: ReadonlyMap<string, Mechanism>;
  models: ReadonlyMap<string, Model>;
}
