// Test code: what attention’s tensors and steps are called.

import { attentionSteps } from '#gpu/mechanisms/attention/steps.ts';
import type { Names } from '../../../exhibit/names.ts';
import { titlesOf } from '../../../words/step-words.ts';
import { scoreExtents } from '../score-place.ts';
import { lookOf } from '../tensors.ts';

export const attentionNames: Names = { lookOf, steps: titlesOf(attentionSteps), variants: {}, extents: scoreExtents };
