// Test code: a text as the engine runs it. What is no sentence is refused by the page, and by the model's own limit.

import { type Tensor, tensor } from '../../../core/tensor.ts';
import type { SentenceEncoder } from '../load.ts';

/** For `engine.open(spec, { inputs })`; its part 'run' gives q, k and v [1, n, heads, headDim]. */
export function sentenceOf({ tokenize, manifest, weights }: SentenceEncoder, text: string) {
  const tokens = tokenize(text);
  const { heads, normEpsilon } = manifest.model;
  const ids = tensor(
    'i32',
    [tokens.length],
    tokens.map(({ id }) => id),
  );
  const inputs: Record<string, Tensor> = { ids, ...weights };
  return { tokens, spec: { model: 'sentence-encoder', config: { heads, normEpsilon } }, inputs };
}
