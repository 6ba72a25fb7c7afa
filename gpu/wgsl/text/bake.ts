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

const TUNABLE_LINE =
  /^([ \t]*const[ \t]+([\p{XID_Start}_]\p{XID_Continue}*)[ \t]*:[ \t]*(u32|i32|f32|f16|bool)[ \t]*=[ \t]*)([^;\n]*?)[ \t]*;[ \t]*\/\/(.*?)@(tune|shape|flag)\b(.*)$/gmu;

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
  for (const match of source.matchAll(TUNABLE_LINE)) {
    const [, before = '', name = '', type = '', text = '', comment = '', kind = '', list = ''] = match;
    const start = match.index + before.length;
    const line = source.slice(0, start).split('\n').length;
    // A marked line inside a block comment is no constant.
    if (code[match.index + before.indexOf('const')] !== 'c') continue;
    const value = parseValue(text, type as TunableType);
    if (value === undefined) {
      throw new EngineError('bad-input', `the marked constant ${name} must have a literal value, not ${text}`, {
        field: name,
        value: text,
        line,
      });
    }
    const tunable: Tunable = {
      name,
      type: type as TunableType,
      value,
      kind: kind as Tunable['kind'],
      choices: parseChoices(list, type as TunableType, kind),
      meaning: comment.trim(),
      line,
    };
    located.push({ tunable, start, end: start + text.length });
  }
  return located;
}

function parseValue(text: string, type: TunableType): number | boolean | undefined {
  if (type === 'bool') return text === 'true' ? true : text === 'false' ? false : undefined;
  const hexadecimal = /^-?0[xX]/.test(text);
  const digits = text.replace(hexadecimal ? /[iu]$/ : /[iufh]$/, '');
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
  const suffix = /[iufh]$/.exec(/^-?0[xX]/.test(current) ? current.replace(/[a-fA-F]+$/, '') : current)?.[0] ?? '';
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
