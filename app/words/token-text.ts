// Tokens as people read them. The tokenizer marks the start of a word with U+2581; a piece without it goes on with the word before.

const WORD_START = '\u2581';

/** 'cat' for '▁cat', '·ing' for a piece within a word. Tokens of a tokenizer that marks nothing stay as they are. */
export function tokenText(token: string, marked: boolean): string {
  if (token.startsWith(WORD_START)) return token.slice(WORD_START.length) || '␣';
  return marked && /\p{L}|\p{N}/u.test(token) ? `·${token}` : token;
}

const known = new WeakMap<readonly string[], string[]>();

/** Labels of an axis; the same list for the same tokens. */
export function tokenTexts(tokens: readonly string[] | undefined): string[] | undefined {
  if (!tokens) return undefined;
  const marked = tokens.some((token) => token.startsWith(WORD_START));
  const texts = known.get(tokens) ?? tokens.map((token) => tokenText(token, marked));
  known.set(tokens, texts);
  return texts;
}

/** Words that the tokens make up; 0 where none says that one begins in it, as with emoji or a script that has no spaces. */
export function wordCount(tokens: readonly string[]): number {
  return tokens.filter((token) => token.startsWith(WORD_START) && token.length > WORD_START.length).length;
}
