// The recorder and the loop guard come with a parser that is heavy beside the rest of the engine: both are loaded when first needed.

import { EngineError } from '../core/errors.ts';

/** @throws EngineError internal when the module cannot be fetched; the next call tries again */
async function load<Module>(what: string, fetch: () => Promise<Module>): Promise<Module> {
  try {
    return await fetch();
  } catch (error) {
    throw new EngineError('internal', `${what} could not be loaded: ${(error as Error).message}`, { field: what });
  }
}

export function loadRecorder(): Promise<typeof import('../wgsl/instrument.ts')> {
  return load('the recorder', () => import('../wgsl/instrument.ts'));
}

export function loadGuard(): Promise<typeof import('../wgsl/guard.ts')> {
  return load('the loop guard', () => import('../wgsl/guard.ts'));
}
