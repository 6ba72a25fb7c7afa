// Parts of the engine that opening it and running a plain kernel do without are loaded when they are first needed: the recorder and the
// loop guard, whose parser is heavy beside all the rest, the reader of foreign kernels, the timing.

import { EngineError } from '../../core/errors.ts';

/**
 * @param what the part, in words: `the recorder`
 * @throws EngineError internal when it cannot be fetched; the next call tries again
 */
export async function loadPart<Module>(what: string, fetch: () => Promise<Module>): Promise<Module> {
  try {
    return await fetch();
  } catch (error) {
    throw new EngineError('internal', `${what} could not be loaded: ${(error as Error).message}`, { field: what });
  }
}
