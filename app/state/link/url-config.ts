// A mechanism's config keys in a link. The mechanism's own schema is the table: a key is written bare, and read back as the first
// reading (number, toggle, word, list, constants) that the schema accepts. Out-of-range numbers are clamped to the bound the schema
// names.

import type { ZodMiniType } from 'zod/mini';
import { EngineError } from '#gpu/core/errors.ts';
import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { ConfigValue } from '../stores/experiment.ts';
import { encodeText, type Parsed, parseNumber, parseText, Refusal } from './url-values.ts';

const MAX_LIST_LENGTH = 65_536;
const MAX_CONSTANTS = 32;
const MAX_WORD_LENGTH = 400_000;

/** The keys a mechanism's config schema knows, with the schema of each. */
export function configSchemas(schema: ZodMiniType): ReadonlyMap<string, ZodMiniType> {
  const shape = (schema as { shape?: Record<string, ZodMiniType> }).shape;
  return new Map(shape ? Object.entries(shape) : []);
}

export function encodeConfigValue(value: ConfigValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return encodeText(value);
  if (isList(value)) return encodeText(value.join(','));
  // In alphabetical order, so that equal states have equal links.
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return encodeText(entries.map((entry) => entry.join(':')).join(','));
}

const isList = (value: object): value is readonly number[] => Array.isArray(value);

interface Issue {
  code?: string;
  maximum?: unknown;
  minimum?: unknown;
  values?: unknown;
  divisor?: unknown;
  expected?: unknown;
  path?: readonly unknown[];
}

function parseList(text: string): number[] | null {
  const parts = text.split(',');
  if (parts.length > MAX_LIST_LENGTH) return null;
  const numbers = parts.map((part) => parseNumber(part, -Number.MAX_VALUE, Number.MAX_VALUE));
  return numbers.some((number) => number instanceof Refusal) ? null : (numbers as number[]);
}

/** 'BR:16,LANES:8'; nothing for the empty text. */
function parseConstants(text: string): Record<string, number> | null {
  const constants = new Map<string, number>();
  for (const part of text === '' ? [] : text.split(',')) {
    const [, name, digits] = /^([A-Za-z]\w{0,31}):(\d{1,9})$/.exec(part) ?? [];
    if (name === undefined || constants.has(name) || constants.size === MAX_CONSTANTS) return null;
    constants.set(name, Number(digits));
  }
  return Object.fromEntries(constants);
}

/** Every way to read the text, the most specific first. */
function readings(text: string): ConfigValue[] {
  const found: ConfigValue[] = [];
  const number = parseNumber(text, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (!(number instanceof Refusal)) found.push(number);
  if (text === '1' || text === 'true') found.push(true);
  if (text === '0' || text === 'false') found.push(false);
  found.push(text);
  const list = parseList(text);
  if (list) found.push(list);
  const constants = parseConstants(text);
  if (constants) found.push(constants);
  return found;
}

/** 'a whole number from 1 to 128', as far as the schema says. */
function numberWords(schema: ZodMiniType): string {
  const issueOf = (value: number): Issue => (schema.safeParse(value).error?.issues[0] ?? {}) as Issue;
  const { minimum } = issueOf(Number.MIN_SAFE_INTEGER);
  const { maximum } = issueOf(Number.MAX_SAFE_INTEGER);
  // Not near zero, where the bounds may come first.
  const isWhole = issueOf(Number(minimum ?? 0) + 0.5).expected === 'int';
  const from = typeof minimum === 'number' ? ` from ${minimum}` : '';
  const to = typeof maximum === 'number' ? `${from === '' ? ' up' : ''} to ${maximum}` : '';
  return `a ${isWhole ? 'whole ' : ''}number${from}${to}`;
}

const KINDS: Readonly<Record<string, string>> = {
  boolean: '0 or 1',
  array: 'numbers with commas between',
  record: 'constants and their values: NAME:8,OTHER:16',
};

/** The bound an issue names, as words and as the nearest value. */
function boundOf(issue: Issue, schema: ZodMiniType, reading: ConfigValue): Refusal<ConfigValue> {
  if (issue.code === 'too_big' && typeof issue.maximum === 'number') {
    return new Refusal<ConfigValue>(`at most ${issue.maximum}`, issue.maximum);
  }
  if (issue.code === 'too_small' && typeof issue.minimum === 'number') {
    return new Refusal<ConfigValue>(`at least ${issue.minimum}`, issue.minimum);
  }
  if (issue.code === 'invalid_value' && Array.isArray(issue.values)) {
    return new Refusal<ConfigValue>(`one of ${issue.values.join(', ')}`);
  }
  const expected = issue.path?.length ? '' : String(issue.expected);
  if (expected === 'number' || expected === 'int') {
    return new Refusal<ConfigValue>(numberWords(schema), typeof reading === 'number' ? Math.round(reading) : undefined);
  }
  return new Refusal<ConfigValue>(KINDS[expected] ?? 'a value this setting can take');
}

export function parseConfigValue(schema: ZodMiniType, value: string): Parsed<ConfigValue> {
  const text = parseText(value, MAX_WORD_LENGTH);
  if (text instanceof Refusal) return new Refusal(text.limit);
  let refusal: Refusal<ConfigValue> | undefined;
  for (const reading of readings(text)) {
    const result = schema.safeParse(reading);
    if (result.success) return reading;
    const issue = (result.error.issues[0] ?? {}) as Issue;
    const bound = boundOf(issue, schema, reading);
    const usable = bound.nearest !== undefined && schema.safeParse(bound.nearest).success;
    const candidate = usable ? bound : new Refusal<ConfigValue>(bound.limit);
    // An entry that is refused says more than that the text as a whole is no list.
    if (!refusal || issue.path?.length || (candidate.nearest !== undefined && refusal.nearest === undefined)) {
      refusal = candidate;
    }
  }
  return refusal ?? new Refusal('a value');
}

/** Numbers and switches, which decide the sizes; a named mask of hostile sizes would be painted here, for nothing. */
const plainOf = (config: object) =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => /^(number|boolean)$/.test(typeof value)));

/**
 * Mends the numbers that the schema takes one by one but the mechanism does not take together: key heads that do not divide the
 * heads, no rows at all.
 *
 * @param config changed in place
 * @param linked whether a key came with the link; the page's own are left alone
 * @param beneath sizes under the config where random input takes them; null where tensors decide the sizes: only plain bounds then
 * @returns what was wrong with each key, and the value it has now where it has one
 */
export function mendConfig(
  mechanism: Mechanism,
  config: Record<string, ConfigValue>,
  linked: (key: string) => boolean,
  beneath: object | null,
): Map<string, Refusal<ConfigValue>> {
  const mended = new Map<string, Refusal<ConfigValue>>();
  for (;;) {
    try {
      mechanism.resolve({ ...plainOf(beneath ?? {}), ...plainOf(config) });
      return mended;
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'bad-config') return mended;
      const { field = '', value, limit, message } = error;
      const isBound = typeof limit === 'number';
      if (!linked(field) || value === undefined || config[field] !== value || !(isBound || beneath)) return mended;
      const words =
        typeof limit === 'string'
          ? limit
          : message.startsWith(`${field} must be `)
            ? message.slice(field.length + 9)
            : message;
      const nearest = isBound && !mended.has(field) ? limit : undefined;
      mended.set(field, new Refusal<ConfigValue>(mended.get(field)?.limit ?? words, nearest));
      if (nearest === undefined) delete config[field];
      else config[field] = nearest;
    }
  }
}
