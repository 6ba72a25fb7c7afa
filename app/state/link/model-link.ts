// The link of the models place: everything that is built and asked for. What cannot be read is left as it was, and named.

import { MODELS_HASH } from '../stores/link-state.ts';
import { type Build, type RawStack, sampleDefaults } from '../stores/model-store.ts';
import { encodeText, type Parsed, parseNumber, parseText, Refusal } from './url-values.ts';

const NUMBERS = {
  seed: { of: (build: Build) => build.seed, most: 4_294_967_295 },
  temperature: { of: (build: Build) => build.sampling.temperature, most: 5 },
  topK: { of: (build: Build) => build.sampling.topK, most: 100_000 },
  topP: { of: (build: Build) => build.sampling.topP, most: 1 },
  most: { of: (build: Build) => build.most, most: 4096 },
} as const;

/** Those that are as in a page without a link are left out. */
export function encodeModelLink(build: Build): string {
  const fields = new URLSearchParams();
  if (build.preset !== sampleDefaults.preset) fields.set('preset', build.preset);
  if (build.stack) fields.set('stack', encodeText(JSON.stringify(build.stack)));
  if (build.prompt !== sampleDefaults.prompt) fields.set('prompt', encodeText(build.prompt));
  for (const [key, { of }] of Object.entries(NUMBERS))
    if (of(build) !== of(sampleDefaults)) fields.set(key, String(of(build)));
  return fields.size === 0 ? MODELS_HASH : `${MODELS_HASH}?v=1&${fields}`;
}

/** @returns what the link asks for, and a sentence for each part that could not be used */
export function openModelLink(hash: string): { build: Build; complaints: string[] } {
  const complaints: string[] = [];
  const fields = new URLSearchParams(hash.slice(MODELS_HASH.length + 1));
  const read = <T>(field: string, parse: (value: string) => Parsed<T>, usual: T): T => {
    const value = fields.get(field);
    if (value === null) return usual;
    const parsed = parse(value);
    if (!(parsed instanceof Refusal)) return parsed;
    const used = parsed.nearest ?? usual;
    const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
    complaints.push(`${field} “${shown}” in the link is not ${parsed.limit}; it was left out.`);
    return used;
  };
  const text = (field: string, usual: string, most: number) => read(field, (value) => parseText(value, most), usual);
  const number = (field: keyof typeof NUMBERS, least = 0) =>
    read(field, (value) => parseNumber(value, least, NUMBERS[field].most), NUMBERS[field].of(sampleDefaults));
  const build: Build = {
    preset: text('preset', sampleDefaults.preset, 100),
    stack: read('stack', parseStack, null),
    prompt: text('prompt', sampleDefaults.prompt, 20_000),
    seed: Math.floor(number('seed')),
    sampling: { temperature: number('temperature'), topK: Math.floor(number('topK')), topP: number('topP') },
    most: Math.floor(number('most', 1)),
  };
  return { build, complaints };
}

/** Its own schema reads it where it runs; here it has to be a list of parts. */
function parseStack(value: string): Parsed<RawStack | null> {
  const text = parseText(value, 100_000);
  if (text instanceof Refusal) return new Refusal(text.limit);
  try {
    const stack = JSON.parse(text) as RawStack;
    const isPart = (part: unknown) => typeof (part as { kind?: unknown } | null)?.kind === 'string';
    const parts: unknown[] = [stack.tokens, stack.readout, stack.positions, ...stack.blocks];
    if (parts.every(isPart) && stack.blocks.length <= 64) return stack;
  } catch {
    // Said below.
  }
  return new Refusal('a list of blocks');
}
