// What an engine can run by name. The registries by default; tests add mechanisms of their own.

import type { Mechanism } from '../../mechanisms/mechanism.ts';
import type { Model } from '../../model/model.ts';

export interface Catalogue {
  /** Those that are loaded. */
  mechanisms: ReadonlyMap<string, Mechanism>;
  models: ReadonlyMap<string, Model>;
  /** Ids of all mechanisms there are, where some are not loaded. */
  listed?: readonly string[];
  /** Put what is not loaded yet into the maps. */
  loadMechanism?(id: string): Promise<unknown>;
  loadModel?(id: string): Promise<void>;
}
