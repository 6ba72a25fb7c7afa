// How single values are written in a link and read back. Reading never throws: a value that cannot be used gives a Refusal, which
// becomes a named complaint on the page.

import { deflateSync, Inflate } from 'fflate';
import { MAX_SOURCE_LENGTH, MAX_SOURCE_LINES } from '../stores/experiment.ts';

export class Refusal<T> {
  constructor(
    readonly limit: string,
    /** The nearest usable value, where there is one. */
    readonly nearest?: T,
  ) {}
}

export type Parsed<T> = T | Refusal<T>;

/** Bytes that a packed value may inflate to: stops a small link from filling the memory. */
export const MAX_INFLATED_BYTES = 400_000;
/** Texts up to this length stay readable in the link. */
const READABLE_LENGTH = 160;
const PACKED_MARK = '~';
/** Digits enough for every number there is; what reads them takes the square of the length. */
const LONGEST_NUMBER = 400;

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Inflates chunk by chunk and stops at the limit, so a decompression bomb costs no more than the limit. */
function inflateBounded(bytes: Uint8Array): Uint8Array | 'too-long' | null {
  const parts: Uint8Array[] = [];
  let length = 0;
  let finished = false;
  const inflate = new Inflate((chunk, final) => {
    length += chunk.length;
    if (length <= MAX_INFLATED_BYTES) parts.push(chunk);
    finished ||= final;
  });
  const CHUNK = 1024;
  try {
    for (let at = 0; at < bytes.length || at === 0; at += CHUNK) {
      inflate.push(bytes.subarray(at, at + CHUNK), at + CHUNK >= bytes.length);
      if (length > MAX_INFLATED_BYTES) return 'too-long';
    }
  } catch {
    return null;
  }
  if (!finished) return null;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Readable when short, else `~` + base64url(deflate(utf-8)). Lone surrogates become U+FFFD. */
export function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (text.length <= READABLE_LENGTH && !text.startsWith(PACKED_MARK)) return new TextDecoder().decode(bytes);
  return PACKED_MARK + toBase64Url(deflateSync(bytes, { level: 9 }));
}

/** @param maxLength UTF-16 units; longer texts are cut and named */
export function parseText(value: string, maxLength: number): Parsed<string> {
  let text = value;
  if (value.startsWith(PACKED_MARK)) {
    const packed = fromBase64Url(value.slice(PACKED_MARK.length));
    if (!packed) return new Refusal('base64url text');
    const bytes = inflateBounded(packed);
    if (bytes === 'too-long') return new Refusal(`at most ${MAX_INFLATED_BYTES} bytes unpacked`);
    if (!bytes) return new Refusal('deflated text');
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return new Refusal('UTF-8 text');
    }
  }
  if (text.length > maxLength) return new Refusal(`at most ${maxLength} characters`, text.slice(0, maxLength));
  return text;
}

/** An edited kernel: a text that can be compared and shown line by line. A text that is too long for that is not cut: half a kernel is none. */
export function parseSource(value: string): Parsed<string> {
  const text = parseText(value, MAX_SOURCE_LENGTH);
  if (text instanceof Refusal) return new Refusal(text.limit);
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines > MAX_SOURCE_LINES ? new Refusal(`at most ${MAX_SOURCE_LINES} lines`) : text;
}

/** Decimal integer in [min, max]; anything numeric outside is clamped and named. */
export function parseInteger(value: string, min: number, max: number): Parsed<number> {
  const number = parseNumber(value, min, max);
  if (number instanceof Refusal || Number.isInteger(number)) return number;
  return new Refusal('a whole number', Math.round(number));
}

export function parseNumber(value: string, min: number, max: number): Parsed<number> {
  if (value.length > LONGEST_NUMBER || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(value))
    return new Refusal('a number');
  const number = Number(value);
  if (number < min) return new Refusal(`at least ${min}`, min);
  if (number > max) return new Refusal(`at most ${max}`, max);
  return Object.is(number, -0) ? 0 : number;
}

export function parseChoice<T extends string>(value: string, choices: readonly T[]): Parsed<T> {
  return choices.includes(value as T) ? (value as T) : new Refusal(`one of ${choices.join(', ')}`);
}

export function parseToggle(value: string): Parsed<boolean> {
  if (value === '1' || value === 'true') return true;
  if (value === '0' || value === 'false') return false;
  return new Refusal('0 or 1');
}

/** Base64 spaces survive; only characters with a meaning in the link are escaped, so it stays readable. */
export function escapeValue(value: string): string {
  return encodeURIComponent(value)
    .replaceAll('%20', '+')
    .replace(/%(2C|3A|2F|40|7E)/g, (escaped) => decodeURIComponent(escaped));
}
