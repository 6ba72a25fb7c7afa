// What is said where a run's kernels put nothing of a value on record: neither a number nor "not yet".

import { listed } from '../words/lists.ts';

/** 'this run did not record h and Δ', in place of what would be said of them. */
export const unrecordedText = (what: readonly string[]): string => `this run did not record ${listed(what)}`;
