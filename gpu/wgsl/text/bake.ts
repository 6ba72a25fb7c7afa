// Baking: rewriting the values of a kernel's marked constants in place. A marked constant is a line of its own,
//   const BR: u32 = 16u; // query rows per tile  @tune 8 16 32 64     (or @shape, or @flag)
// Only the value's characters change, so line numbers on screen, in compile errors and in recordings are the file's own.
// `override` is not used: it cannot size function-scope or nested arrays, nor appear in const_assert.

import { EngineError } from '../../core/errors.ts';
import { blankComments } from './comments.ts';

export type TunableType = 'u32' | 'i32' | 'f32' | 'f16' | 'bool';

export interface Tunable {
  name: string;
  type: TunableType;
  /** The value that stands in the source. */
  value: number | boolean;
  /** tune: a free choice (tile sizes). shape: follows from the tensors. flag: switches a branch at compile time. */
  kind: 'tune' | 'shape' | 'flag';
  /** The values listed after the tag, false and true for a bare `@flag`, else empty. A control's range, not a bound of `bake`. */
  choices: (number | boolean)[];
  /** What the comment says before the tag. */
  meaning: string;
  /** 1-based. */
  line: number;
}

interface Located {
  tunable: Tunable;
  /** Extent of the value's text in the source. */
  start: number;
  end: number;
}

/** Lists the marked constants of `source` in order of appearance. @throws EngineError bad-input for a value that is no literal */
export function tunables(source: string): Tunable[] {
  return locate(source).map(({ tunable }) => tunable);
}

/**
 * Replaces the values of marked constants. Every marked constant needs a value, unless `partial` is set; baking the values
 * that already stand there returns the same text.
 *
 * @throws EngineError unknown-constant (a name the source does not mark, or a marked one without a value) or bad-config
 *   (a value its type cannot hold)
 */
export function bake(
  source: string,
  values: Readonly<Record<string, number | boolean>>,
  options: { partial?: boolean } = {},
): string {
  const located = locate(source);
  const known = new Set(located.map(({ tunable }) => tunable.name));
  for (const name of Object.keys(values)) {
    if (known.has(name)) continue;
    throw new EngineError('unknown-constant', `the kernel marks no constant named ${name}`, {
      field: name,
      value: values[name],
      limit: [...known],
    });
  }
  let baked = '';
  let at = 0;
  for (const { tunable, start, end } of located) {
    const value = Object.hasOwn(values, tunable.name) ? values[tunable.name] : undefined;
    if (value === undefined) {
      if (options.partial) continue;
      throw new EngineError('unknown-constant', `no value was given for the constant ${tunable.name}`, {
        field: tunable.name,
        line: tunable.line,
      });
    }
    baked += source.slice(at, start) + valueText(tunable, value, source.slice(start, end));
    at = end;
  }
  return baked + source.slice(at);
}

/**
 * `source` with the values of `shipped` for every constant that both mark with the same type. A run replaces those values anyway, so
 * texts that are equal then are one kernel. Where some marked constant is no literal, `source` as it stands.
 */
export function withValuesOf(source: string, shipped: string): string {
  try {
    const texts = new Map(
      locate(shipped).map(({ tunable: { name, type }, start, end }) => [`${name}: ${type}`, shipped.slice(start, end)]),
    );
    let text = '';
    let at = 0;
    for (const { tunable, start, end } of locate(source)) {
      const value = texts.get(`${tunable.name}: ${tunable.type}`);
      if (value === undefined) continue;
      text += source.slice(at, start) + value;
      at = end;
    }
    return text + source.slice(at);
  } catch {
    return source;
  }
}

function locate(source: string): Located[] {
  const code = blankComments(source);
  const located: Located[] = [];
  let line = 1;
  // By JavaScript's line breaks.
  const lineEnd = /[\n\r\u2028\u2029]|$/g;
  for (let from = 0; from <= source.length; ) {
    lineEnd.lastIndex = from;
    const to = lineEnd.exec(source)!.index;
    const found = markedConstant(source.slice(from, to));
    // A marked line inside a block comment is no constant.
    if (found && code[from + found.keyword] === 'c') located.push(locatedAt(found, from, line));
    if (source[to] === '\n') line++;
    from = to + 1;
  }
  return located;
}

function locatedAt(found: MarkedConstant, from: number, line: number): Located {
  const { name, type, text, start, kind, meaning, list } = found;
  const value = parseValue(text, type);
  if (value === undefined) {
    const message = `the marked constant ${name} must have a literal value, not ${text}`;
    throw new EngineError('bad-input', message, { field: name, value: text, line });
  }
  const choices = parseChoices(list, type, kind);
  return {
    tunable: { name, type, value, kind, choices, meaning, line },
    start: from + start,
    end: from + start + text.length,
  };
}

/** A marked line, read from left to right: no part of it is looked at twice, however long it is. */
interface MarkedConstant {
  /** Where `const` stands in the line. */
  keyword: number;
  name: string;
  type: TunableType;
  /** Of the value, and where it stands. */
  text: string;
  start: number;
  kind: Tunable['kind'];
  meaning: string;
  /** What follows the tag. */
  list: string;
}

const TYPES: readonly string[] = ['u32', 'i32', 'f32', 'f16', 'bool'] satisfies TunableType[];
const isBlank = (sign: string | undefined) => sign === ' ' || sign === '\t';

function markedConstant(line: string): MarkedConstant | undefined {
  let at = 0;
  const skipBlanks = () => {
    while (isBlank(line[at])) at++;
  };
  const take = (sign: string) => {
    skipBlanks();
    if (!line.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  const word = () => {
    skipBlanks();
    const name = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
    name.lastIndex = at;
    const [found = ''] = name.exec(line) ?? [];
    at += found.length;
    return found;
  };
  skipBlanks();
  const keyword = at;
  if (!take('const') || !isBlank(line[at])) return undefined;
  const name = word();
  if (name === '' || !take(':')) return undefined;
  const type = word();
  if (!TYPES.includes(type) || !take('=')) return undefined;
  skipBlanks();
  const start = at;
  const semicolon = line.indexOf(';', start);
  if (semicolon < 0) return undefined;
  let end = semicolon;
  while (end > start && isBlank(line[end - 1])) end--;
  at = semicolon + 1;
  if (!take('//')) return undefined;
  const comment = line.slice(at);
  const tag = /@(tune|shape|flag)\b/.exec(comment);
  if (!tag) return undefined;
  return {
    keyword,
    name,
    type: type as TunableType,
    text: line.slice(start, end),
    start,
    kind: tag[1] as Tunable['kind'],
    meaning: comment.slice(0, tag.index).trim(),
    list: comment.slice(tag.index + tag[0].length),
  };
}

const isHexadecimal = (text: string) => /^-?0[xX]/.test(text);

function parseValue(text: string, type: TunableType): number | boolean | undefined {
  if (type === 'bool') return text === 'true' ? true : text === 'false' ? false : undefined;
  const digits = text.replace(isHexadecimal(text) ? /[iu]$/ : /[iufh]$/, '');
  const negative = digits.startsWith('-');
  const magnitude = negative ? digits.slice(1) : digits;
  if (!/^[0-9.]/.test(magnitude)) return undefined;
  const value = Number(magnitude);
  return Number.isNaN(value) ? undefined : negative ? -value : value;
}

function parseChoices(list: string, type: TunableType, kind: string): (number | boolean)[] {
  const words = list.trim().split(/[\s,]+/);
  const choices: (number | boolean)[] = [];
  for (const word of words) {
    const value = parseValue(word, type);
    if (value === undefined) break; // the rest is prose
    choices.push(value);
  }
  return choices.length === 0 && kind === 'flag' && type === 'bool' ? [false, true] : choices;
}

const INTEGER_RANGE = { u32: [0, 0xffffffff], i32: [-0x80000000, 0x7fffffff] } as const;

/** The text of `value` as a literal of the constant's type; the text already there when the value does not change. */
function valueText(tunable: Tunable, value: number | boolean, current: string): string {
  const { name, type } = tunable;
  const refuse = (limit: unknown): never => {
    throw new EngineError('bad-config', `${value} is no value for the constant ${name} of type ${type}`, {
      field: name,
      value,
      limit,
      line: tunable.line,
    });
  };
  if (type === 'bool') {
    if (typeof value === 'number' && value !== 0 && value !== 1) return refuse([false, true]);
    const flag = Boolean(value);
    return flag === tunable.value ? current : String(flag);
  }
  if (typeof value === 'boolean') return refuse(type);
  if (Object.is(value, tunable.value)) return current;
  const suffix = (isHexadecimal(current) ? /[iu]$/ : /[iufh]$/).exec(current)?.[0] ?? '';
  if (type === 'u32' || type === 'i32') {
    const [low, high] = INTEGER_RANGE[type];
    if (!Number.isInteger(value) || value < low || value > high) return refuse([low, high]);
    // i32's lowest value has no literal of its own: 2147483648i is out of range, the abstract -2147483648 is not.
    return `${value}${value === low && type === 'i32' ? '' : suffix}`;
  }
  const largest = type === 'f32' ? 3.4028234663852886e38 : 65504;
  if (!Number.isFinite(value) || Math.abs(value) > largest) return refuse([-largest, largest]);
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return `${/[.e]/.test(digits) ? digits : `${digits}.0`}${suffix === 'i' || suffix === 'u' ? '' : suffix}`;
}
