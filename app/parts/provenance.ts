/** Where a number comes from; drawn as a mark (shape and word) beside it. */
export type Provenance =
  | 'measured'
  | 'exact'
  | 'closed-form'
  | 'modelled'
  | 'paper'
  | 'given'
  | 'recorded'
  | 'read-back';
