// A mechanism's config keys in a link. The mechanism's own schema is the table: a key is written bare, and read back as the first
// reading (number, toggle, word, list) that the schema accepts. Out-of-range numbers are clamped to the bound the schema names.

import type { ZodMiniType } from 'zod/mini';
import type { ConfigValue } from './experiment.ts';
import { encodeText, type Parsed, parseNumber, parseText, Refusal } from './url-values.ts';

const MAX_LIST_LENGTH = 65_536;
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
  return encodeText(value.join(','));
}

interface Issue {
  code?: string;
  maximum?: unknown;
  minimum?: unknown;
  values?: unknown;
  divisor?: unknown;
  message?: string;
}

function parseList(text: string): number[] | null {
  const parts = text.split(',');
  if (parts.length > MAX_LIST_LENGTH) return null;
  const numbers = parts.map((part) => parseNumber(part, -Number.MAX_VALUE, Number.MAX_VALUE));
  return numbers.some((number) => number instanceof Refusal) ? null : (numbers as number[]);
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
  return found;
}

/** The bound an issue names, as words and as the nearest value. */
function boundOf(issue: Issue): Refusal<ConfigValue> {
  if (issue.code === 'too_big' && typeof issue.maximum === 'number') {
    return new Refusal<ConfigValue>(`at most ${issue.maximum}`, issue.maximum);
  }
  if (issue.code === 'too_small' && typeof issue.minimum === 'number') {
    return new Refusal<ConfigValue>(`at least ${issue.minimum}`, issue.minimum);
  }
  if (issue.code === 'invalid_value' && Array.isArray(issue.values)) {
    return new Refusal<ConfigValue>(`one of ${issue.values.join(', ')}`);
  }
  return new Refusal<ConfigValue>(issue.message ?? 'a value this setting can take');
}

export function parseConfigValue(schema: ZodMiniType, value: string): Parsed<ConfigValue> {
  const text = parseText(value, MAX_WORD_LENGTH);
  if (text instanceof Refusal) return new Refusal(text.limit);
  let refusal: Refusal<ConfigValue> | undefined;
  for (const reading of readings(text)) {
    const result = schema.safeParse(reading);
    if (result.success) return reading;
    const bound = boundOf((result.error.issues[0] ?? {}) as Issue);
    const usable = bound.nearest !== undefined && schema.safeParse(bound.nearest).success;
    const candidate = usable ? bound : new Refusal<ConfigValue>(bound.limit);
    if (!refusal || (candidate.nearest !== undefined && refusal.nearest === undefined)) refusal = candidate;
  }
  return refusal ?? new Refusal('a value');
}
