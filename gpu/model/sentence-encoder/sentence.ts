// From a typed text to what the engine runs.

import { EngineError } from '../../core/errors.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { MAX_TOKENS } from './config.ts';
import type { SentenceEncoder } from './load.ts';
import type { Token } from './tokenizer.ts';

export interface Sentence {
  tokens: Token[];
  /** For `engine.open`. */
  spec: { model: 'sentence-encoder'; config: { heads: number; normEpsilon: number } };
  /** Token ids and weights, for `engine.open(spec, { inputs })`; its part 'run' gives q, k and v [1, n, heads, headDim]. */
  inputs: Record<string, Tensor>;
  /** Tokens that the package itself would have dropped (it keeps the first 128). */
  beyondPackage: number;
}

/** Longer texts are refused before they are tokenised, UTF-16 units: an ordinary text of 512 tokens has about 2 000. */
const MAX_CHARACTERS = 20_000;

/** @throws EngineError bad-input (no text), limit-exceeded (too many characters or tokens) */
export function prepareSentence(encoder: SentenceEncoder, text: string): Sentence {
  if (text.length > MAX_CHARACTERS) {
    throw new EngineError(
      'limit-exceeded',
      `The text has ${text.length} characters; at most ${MAX_CHARACTERS} can be read`,
      {
        field: 'text',
        value: text.length,
        limit: MAX_CHARACTERS,
      },
    );
  }
  const tokens = encoder.tokenize(text);
  if (tokens.length === 0) {
    throw new EngineError('bad-input', 'The text is empty: give at least one character', { field: 'text', value: '' });
  }
  if (tokens.length > MAX_TOKENS) {
    throw new EngineError(
      'limit-exceeded',
      `The text has ${tokens.length.toLocaleString('en')} tokens; at most ${MAX_TOKENS} can be read`,
      {
        field: 'text',
        value: tokens.length,
        limit: MAX_TOKENS,
      },
    );
  }
  const { heads, normEpsilon, clipTokens } = encoder.manifest.model;
  const ids = tensor(
    'i32',
    [tokens.length],
    tokens.map(({ id }) => id),
  );
  return {
    tokens,
    spec: { model: 'sentence-encoder', config: { heads, normEpsilon } },
    inputs: { ids, ...encoder.weights },
    beyondPackage: Math.max(0, tokens.length - clipTokens),
  };
}
