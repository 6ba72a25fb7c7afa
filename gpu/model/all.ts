// The whole registry of models at once, for tests, benchmarks and scripts.

import { loadModels } from './registry.ts';

export const models = await loadModels();
