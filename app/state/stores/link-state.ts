// Where a link says that playback stands.

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
