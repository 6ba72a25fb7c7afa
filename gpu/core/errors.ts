// The one error type of the engine. Everything bad reaches the caller as a code, the field, its value and the limit it broke.

export type EngineErrorCode =
  | 'no-webgpu'
  | 'no-adapter'
  | 'device-lost'
  | 'unknown-mechanism'
  | 'unknown-variant'
  | 'unknown-part'
  | 'unknown-buffer'
  | 'unknown-constant'
  | 'unknown-kernel'
  | 'bad-config'
  | 'bad-input'
  | 'shape-mismatch'
  | 'limit-exceeded'
  | 'unsupported'
  | 'unsupported-construct'
  | 'compile-failed'
  | 'validation-failed'
  | 'out-of-memory'
  | 'loop-budget'
  | 'aborted'
  | 'disposed'
  | 'bad-file'
  | 'internal';

export interface EngineErrorFacts {
  /** What was wrong: a config key, tensor name, binding, kernel file. */
  field?: string;
  value?: unknown;
  /** The bound that `value` broke, with its name where it has one (a device limit, say). */
  limit?: unknown;
  /** 1-based position in the kernel source, for compile and recorder errors. */
  line?: number;
  column?: number;
}

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly field?: string;
  readonly value?: unknown;
  readonly limit?: unknown;
  readonly line?: number;
  readonly column?: number;

  constructor(
    readonly code: EngineErrorCode,
    message: string,
    facts: EngineErrorFacts = {},
  ) {
    super(message);
    Object.assign(this, facts);
  }

  /** Plain data that survives postMessage; `EngineError.from` is the inverse. */
  toJSON() {
    const { code, message, field, value, limit, line, column } = this;
    return { code, message, field, value, limit, line, column };
  }

  static from(json: ReturnType<EngineError['toJSON']>): EngineError {
    return new EngineError(json.code, json.message, json);
  }
}
