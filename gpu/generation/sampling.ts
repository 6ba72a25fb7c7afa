// From logits to the next token: the softmax, what of it may be drawn, and the draw. Pure; the caller brings the random number.

export interface Sampling {
  /** Divides the logits; 0 takes the likeliest token. */
  temperature: number;
  /** Only so many of the likeliest may be drawn; 0 for all. */
  topK: number;
  /** Only the likeliest whose probabilities reach this sum may be drawn, 0 … 1. */
  topP: number;
}

export interface Choice {
  id: number;
  /** Of the softmax at temperature 1, before anything is left out. */
  probability: number;
}

/** Softmax of the logits, likeliest first; of equals the lower id first. */
export function ranked(logits: ArrayLike<number>): Choice[] {
  const values = Array.from(logits);
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const weights = values.map((value) => Math.exp(value - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights
    .map((weight, id) => ({ id, probability: weight / sum }))
    .sort((a, b) => b.probability - a.probability || a.id - b.id);
}

/**
 * @param choices likeliest first, as `ranked` gives them
 * @param random uniform in [0, 1); not asked for at temperature 0
 * @returns the token that is drawn
 */
export function draw(choices: readonly Choice[], { temperature, topK, topP }: Sampling, random: () => number): Choice {
  if (temperature <= 0) return choices[0]!;
  const kept = topK > 0 ? choices.slice(0, topK) : [...choices];
  // p^(1/T), in proportion to the largest: softmax(logits / T) up to a factor.
  const first = kept[0]!.probability;
  const weights = kept.map(({ probability }) => (probability / first) ** (1 / temperature));
  const whole = weights.reduce((total, weight) => total + weight, 0);
  let reached = 0;
  const drawn: number[] = [];
  for (const weight of weights) {
    drawn.push(weight);
    reached += weight / whole;
    if (reached >= topP) break;
  }
  const sum = drawn.reduce((total, weight) => total + weight, 0);
  let left = random() * sum;
  for (const [index, weight] of drawn.entries()) {
    left -= weight;
    if (left < 0) return kept[index]!;
  }
  return kept[drawn.length - 1]!;
}
