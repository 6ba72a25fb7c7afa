// Evaluates the integer const-expressions that size workgroups and arrays (`@workgroup_size(BR * 4u)`), without a parser package.

import { EngineError } from '../../core/errors.ts';

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)[iufh]?|([\p{XID_Start}_]\p{XID_Continue}*)|(<<|>>|[-+*/%()&|^~,]))/uy;

type Token = { number: number } | { name: string } | { symbol: string };

const PRECEDENCE: Record<string, number> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};
const CONVERSIONS = new Set(['u32', 'i32', 'f32']);

/**
 * Evaluates an integer expression: literals, names (through `lookup`), + - * / % << >> & | ^, parentheses, u32() i32(),
 * min() and max(). Division truncates, as WGSL's does for integers.
 *
 * @returns the value, or undefined where the text needs more than that
 */
export function evaluateInteger(text: string, lookup: (name: string) => number | undefined): number | undefined {
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  let at = 0;
  const symbol = () => {
    const token = tokens[at];
    return token && 'symbol' in token ? token.symbol : undefined;
  };
  const take = (wanted: string) => {
    const found = symbol() === wanted;
    if (found) at++;
    return found;
  };

  const unary = (): number | undefined => {
    if (take('-')) return negate(unary());
    if (take('(')) {
      const inner = binary(1);
      return take(')') ? inner : undefined;
    }
    const token = tokens[at++];
    if (!token || 'symbol' in token) return undefined;
    if ('number' in token) return token.number;
    if (!take('(')) return lookup(token.name);
    const first = binary(1);
    const second = take(',') ? binary(1) : undefined;
    take(',');
    if (!take(')') || first === undefined) return undefined;
    if (CONVERSIONS.has(token.name)) return Math.trunc(first);
    if (second === undefined) return undefined;
    return token.name === 'min' ? Math.min(first, second) : token.name === 'max' ? Math.max(first, second) : undefined;
  };
  const binary = (lowest: number): number | undefined => {
    let left = unary();
    for (;;) {
      const operator = symbol();
      const rank = operator === undefined ? undefined : PRECEDENCE[operator];
      if (left === undefined || operator === undefined || rank === undefined || rank < lowest) return left;
      at++;
      const right = binary(rank + 1);
      left = right === undefined ? undefined : apply(operator, left, right);
    }
  };

  const value = binary(1);
  return at === tokens.length && value !== undefined && Number.isFinite(value) ? value : undefined;
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    // A float is none of this reader's numbers: 5.0 / 2.0 is not 2.
    if (match[1] !== undefined && /[.fh]|^\d+[eE]/.test(match[0].trim().replace(/^0[xX][0-9a-fA-F]+/, '')))
      return undefined;
    if (match[1] !== undefined) tokens.push({ number: Number(match[1]) });
    else if (match[2] !== undefined) tokens.push({ name: match[2] });
    else tokens.push({ symbol: match[3]! });
  }
  return tokens;
}

const negate = (value: number | undefined) => (value === undefined ? undefined : -value);
const BITWISE = new Set(['<<', '>>', '&', '|', '^']);

function apply(operator: string, left: number, right: number): number | undefined {
  // What the bits of a negative number are depends on its type, which is not known here.
  if (BITWISE.has(operator) && (left < 0 || right < 0)) return undefined;
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : Math.trunc(left / right);
    case '%':
      return right === 0 ? undefined : left % right;
    case '<<':
      return (left << right) >>> 0;
    case '>>':
      return left >>> right;
    case '&':
      return (left & right) >>> 0;
    case '|':
      return (left | right) >>> 0;
    case '^':
      return (left ^ right) >>> 0;
    default:
      return undefined;
  }
}

/**
 * A lookup over the module-scope `const` and `override` declarations of comment-free `code`; `overrides` win.
 * Evaluates lazily; a declaration that refers to itself is undefined.
 */
export function moduleConstants(
  code: string,
  overrides: Readonly<Record<string, number | boolean>> = {},
): (name: string) => number | undefined {
  const texts = new Map<string, string>();
  const declaration =
    /(?:@\s*id\s*\(\s*(\d+)[iu]?\s*\)\s*)?\b(?:const|override)\s+([\p{XID_Start}_]\p{XID_Continue}*)\s*(?::[^=;]*)?(?:=([^;]*))?(?:;|$)/gu;
  for (const [, id, name = '', text] of moduleScope(code).matchAll(declaration)) {
    // A pipeline names an override with an id by that id.
    const given = id !== undefined && Object.hasOwn(overrides, id) ? String(Number(overrides[id])) : text;
    if (given !== undefined) texts.set(name, given);
  }
  const open = new Set<string>();
  const lookup = (name: string): number | undefined => {
    if (Object.hasOwn(overrides, name)) return Number(overrides[name]);
    const text = texts.get(name);
    if (text === undefined || open.has(name)) return undefined;
    open.add(name);
    const value = evaluateInteger(text, lookup);
    open.delete(name);
    return value;
  };
  return lookup;
}

/** `code` with everything inside braces blanked, so that only module-scope declarations are left. Offsets hold. */
export function moduleScope(code: string): string {
  let depth = 0;
  let kept = '';
  for (const character of code) {
    if (character === '}') depth = Math.max(0, depth - 1);
    kept += depth === 0 || character === '\n' ? character : ' '.repeat(character.length);
    if (character === '{') depth++;
  }
  return kept;
}

/** @throws EngineError bad-input naming `what` when `text` cannot be evaluated */
export function requireInteger(text: string, lookup: (name: string) => number | undefined, what: string): number {
  const value = evaluateInteger(text, lookup);
  if (value !== undefined) return value;
  throw new EngineError('bad-input', `cannot work out ${what} from "${text.trim()}"`, {
    field: what,
    value: text.trim(),
  });
}
