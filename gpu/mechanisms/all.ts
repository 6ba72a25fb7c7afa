// The whole registry at once, for tests, benchmarks and scripts: `mechanisms` holds every mechanism and primitive.

import { loadMechanisms } from './registry.ts';

export const mechanisms = await loadMechanisms();
