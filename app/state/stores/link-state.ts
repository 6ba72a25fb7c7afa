// What a link carries, and what the page is without one: apart from how it is written, which the first picture does not need.

import type { Place } from '../../exhibit/place.ts';
import { type Arrangement, DEFAULT_ARRANGEMENT, DEFAULT_EXPERIMENT, type Experiment } from './experiment.ts';

/** A step's place in the run: stays the same when the workgroups run in another order. */
export interface LinkedStep {
  dispatch: number;
  workgroup: number;
  site: number;
  visit: number;
}

/** Where a link says the cursor stands. */
export interface LinkedPlace {
  tick: number;
  step: LinkedStep | null;
}

export interface LinkState {
  experiment: Experiment;
  arrangement: Arrangement;
  /** Finished steps; null = play from the start. */
  tick: number | null;
  /** Which step that is, whatever order the workgroups run in next time; null where only its number is known. */
  step: LinkedStep | null;
  speed: number;
  selection: Place | null;
}

export const DEFAULT_LINK: LinkState = {
  experiment: DEFAULT_EXPERIMENT,
  arrangement: DEFAULT_ARRANGEMENT,
  tick: null,
  step: null,
  speed: 1,
  selection: null,
};

/** The address of the gallery: the page as it is, with the gallery open. */
export const GALLERY_HASH = '#/gallery';
/** The address of the place where models are built; its own link follows it. */
export const MODELS_HASH = '#models';

export const isModelsHash = (hash: string): boolean => hash === MODELS_HASH || hash.startsWith(`${MODELS_HASH}?`);
