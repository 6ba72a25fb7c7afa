// Finds the words of some sets of terms in a plain sentence. Pure.

import type { TermSet } from '../exhibit/terms.ts';

export interface MarkedPart {
  text: string;
  /** Where in the sentence it begins. */
  at: number;
  term?: string;
}

interface Patterns {
  any: RegExp;
  each: (readonly [RegExp, string])[];
}

const made = new WeakMap<readonly TermSet[], Patterns>();

function patternsOf(sets: readonly TermSet[]): Patterns {
  const known = made.get(sets);
  if (known) return known;
  const words = sets.flatMap((set) => set.words);
  const any = `(?<![\\p{L}\\p{N}])(?:${words.map(([pattern]) => pattern).join('|')})(?![\\p{L}\\p{N}])`;
  const each = words.map(([pattern, term]) => [new RegExp(`^(?:${pattern})$`, 'u'), term] as const);
  const patterns = { any: new RegExp(any, 'gu'), each };
  made.set(sets, patterns);
  return patterns;
}

/**
 * The sentence in parts, in order; a term is marked where it is met first.
 *
 * @param sets what an earlier one means by a word, a later one does not
 */
export function markWords(sentence: string, sets: readonly TermSet[]): MarkedPart[] {
  const { any, each } = patternsOf(sets);
  const parts: MarkedPart[] = [];
  const met = new Set<string>();
  let from = 0;
  for (const match of sentence.matchAll(any)) {
    const term = each.find(([pattern]) => pattern.test(match[0]))?.[1];
    if (!term || met.has(term)) continue;
    met.add(term);
    if (match.index > from) parts.push({ text: sentence.slice(from, match.index), at: from });
    parts.push({ text: match[0], at: match.index, term });
    from = match.index + match[0].length;
  }
  if (from < sentence.length) parts.push({ text: sentence.slice(from), at: from });
  return parts;
}
