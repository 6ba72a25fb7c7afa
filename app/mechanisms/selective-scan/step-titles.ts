import { selectiveScanSteps } from '#gpu/mechanisms/selective-scan/steps.ts';
import { titlesOf } from '../../words/step-words.ts';

/** Marker name → title, over all kernels of the mechanism. */
export const stepTitles = titlesOf(selectiveScanSteps);
