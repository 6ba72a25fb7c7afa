import type { EngineError, EngineErrorCode } from '../../core/errors.ts';

/** Expects the call to fail with this code, and the engine to work after it. */
export type ExpectCode = (code: EngineErrorCode, call: Promise<unknown>) => Promise<EngineError>;
