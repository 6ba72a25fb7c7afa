import { selectiveScan } from '#gpu/mechanisms/selective-scan/selective-scan.ts';
import { titlesOf } from '../../words/step-words.ts';

/** Marker name → title, over all kernels of the mechanism. */
export const stepTitles = titlesOf(selectiveScan.steps);
