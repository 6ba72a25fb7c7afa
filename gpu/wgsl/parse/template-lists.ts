// Which `<` start a template list and which compare: WGSL's own rule ("Template Lists", template list discovery), on text alone.

const WORD = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
const BLANK = /\s*/y;

/**
 * @param code WGSL with comments blanked
 * @returns offsets of every `<` that starts a template list
 */
export function templateStarts(code: string): Set<number> {
  const starts = new Set<number>();
  /** `<` behind a name whose `>` has not been met, with the number of brackets open there. */
  const pending: { at: number; depth: number }[] = [];
  let depth = 0;
  const drop = () => {
    while (pending.length > 0 && pending.at(-1)!.depth >= depth) pending.pop();
  };
  const end = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at;
    return pattern.test(code) ? pattern.lastIndex : at;
  };
  for (let at = 0; at < code.length; ) {
    const word = end(WORD, at);
    if (word > at) {
      at = end(BLANK, word);
      if (code[at] !== '<') continue;
      if (code[at + 1] === '<' || code[at + 1] === '=') at += 2;
      else pending.push({ at: at++, depth });
      continue;
    }
    const character = code[at]!;
    const next = code[at + 1];
    at++;
    if (/[0-9]/.test(character)) at = end(/[\p{XID_Continue}.]*/uy, at);
    else if (character === '>') {
      const open = pending.at(-1);
      if (open?.depth === depth) {
        starts.add(open.at);
        pending.pop();
      } else if (next === '=') at++;
    } else if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') {
      drop();
      depth = Math.max(0, depth - 1);
    } else if ((character === '!' || character === '=') && next === '=') at++;
    else if (character === '=' || character === ';' || character === '{' || character === ':') {
      depth = 0;
      pending.length = 0;
    } else if ((character === '&' || character === '|') && next === character) {
      at++;
      drop();
    }
  }
  return starts;
}
