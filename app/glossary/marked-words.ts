// Finds the glossary's words in a plain sentence. Pure.

import type { TermId } from './terms.ts';

/** As patterns; longer ones first, since the first that fits wins. */
const WORDS: readonly (readonly [pattern: string, term: TermId])[] = [
  ['score matrix', 'score-matrix'],
  ['closed form', 'closed-form'],
  ['block mask', 'block-mask'],
  ['key tiles?', 'key-tile'],
  ['query tiles?', 'query-tile'],
  ['tiles?', 'tile'],
  ['scores?', 'score'],
  ['rescales?', 'rescale'],
  ['heads?', 'head'],
  ['HBM', 'hbm'],
  ['SRAM', 'sram'],
  ['float64', 'parity'],
  ['m', 'running-max'],
  ['ℓ', 'running-sum'],
];

const whole = (pattern: string) => `(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`;
const ANY = new RegExp(whole(WORDS.map(([pattern]) => pattern).join('|')), 'gu');
const EACH = WORDS.map(([pattern, term]) => [new RegExp(`^(?:${pattern})$`, 'u'), term] as const);

export interface MarkedPart {
  text: string;
  /** Where in the sentence it begins. */
  at: number;
  term?: TermId;
}

/** The sentence in parts, in order; a term is marked where it is met first. */
export function markWords(sentence: string): MarkedPart[] {
  const parts: MarkedPart[] = [];
  const met = new Set<TermId>();
  let from = 0;
  for (const match of sentence.matchAll(ANY)) {
    const term = EACH.find(([pattern]) => pattern.test(match[0]))?.[1];
    if (!term || met.has(term)) continue;
    met.add(term);
    if (match.index > from) parts.push({ text: sentence.slice(from, match.index), at: from });
    parts.push({ text: match[0], at: match.index, term });
    from = match.index + match[0].length;
  }
  if (from < sentence.length) parts.push({ text: sentence.slice(from), at: from });
  return parts;
}
