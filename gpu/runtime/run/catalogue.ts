// What an engine can run by name. The registries by default; tests add mechanisms of their own.

import type { Mechanism } from '../../mechanisms/mechanism.ts';
import type { Model } from '../../model/model.ts';

export interface Catalogue {
  /** Those that are loaded. */
  mechanisms: ReadonlyMap<string, Mechanism>;
  models: ReadonlyMap<string, Model>;
  /** Put what is not loaded yet into the maps. */
  loadMechanism?(id: string): Promise<void>;
  loadModel?(id: string): Promise<void>;
}
