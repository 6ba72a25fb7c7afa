// The link: page state ⇄ location hash. Scalars are readable, defaults are omitted, long parts are packed. Reading never throws: what
// cannot be used is named in a complaint and the default (or the nearest value) is used instead.

import type { Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Complaint } from '../stores/complaint.ts';
import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';
import { DEFAULT_LINK, type LinkState } from '../stores/link-state.ts';
import { Complaints } from './url-complaints.ts';
import { configSchemas } from './url-config.ts';
import { type Cards, FIELDS, isReservedKey, SOURCE_PREFIX } from './url-fields.ts';
import { FIRST_VERSION, LINK_VERSION, type LinkKeys, migrate } from './url-migrations.ts';
import { encodeSettings, readSettings } from './url-settings.ts';
import { readSources } from './url-sources.ts';
import { encodeText, escapeValue, parseInteger, Refusal } from './url-values.ts';

/** Longest hash that is read at all, UTF-16 units. */
export const MAX_HASH_LENGTH = 300_000;

export interface OpenedLink {
  state: LinkState;
  /** Edited kernels of the link; they are not in `state` and run only after the user's consent. */
  sources: Record<string, string> | null;
  complaints: Complaint[];
}

/** Mechanisms whose settings can be read: that of the link, at least. */
export type Catalogue = ReadonlyMap<string, Mechanism>;

/** The hash without `#`; empty for the default page. */
export function encodeLink(state: LinkState): string {
  const parts: string[] = [];
  const put = (key: string, value: string) => parts.push(`${key}=${escapeValue(value)}`);
  for (const { key, read, encode } of FIELDS) {
    const value = read(state);
    const text = value === null ? null : encode(value);
    const fallback = read(DEFAULT_LINK);
    const fallbackText = fallback === null ? null : encode(fallback);
    if (text !== fallbackText) put(key, text ?? 'none');
  }
  for (const [key, value] of encodeSettings(state.experiment)) put(key, value);
  for (const [file, source] of Object.entries(state.experiment.sources)) put(SOURCE_PREFIX + file, encodeText(source));
  return parts.length === 0 ? '' : `v=${LINK_VERSION}&${parts.join('&')}`;
}

/**
 * The mechanism a link opens, read before the link is: opening needs that mechanism's schema. The default one where the link names none
 * that there is.
 */
export function linkedMechanism(hash: string, cards: Cards): string {
  const id = new URLSearchParams(hash.replace(/^#/, '')).get('m');
  return id !== null && cards.get(id)?.role === 'mechanism' ? id : DEFAULT_EXPERIMENT.mechanism;
}

/** @param repeats filled with the keys that come more than once, each with its second value */
function readKeys(hash: string, repeats: Map<string, string>, complaints: Complaints): Map<string, string> {
  const keys = new Map<string, string>();
  const body = hash.startsWith('#') ? hash.slice(1) : hash;
  if (body.length > MAX_HASH_LENGTH) {
    complaints.add('link', `${body.length} characters`, `at most ${MAX_HASH_LENGTH} characters`, 'the default page');
    return keys;
  }
  for (const [key, value] of new URLSearchParams(body)) {
    if (key === '' && value === '') continue;
    if (!keys.has(key)) keys.set(key, value);
    else if (!repeats.has(key)) repeats.set(key, value);
  }
  return keys;
}

function readVersion(keys: LinkKeys, complaints: Complaints): number {
  const text = keys.get('v');
  if (text === undefined) return FIRST_VERSION;
  const version = parseInteger(text, 1, LINK_VERSION);
  if (!(version instanceof Refusal)) return version;
  complaints.add('v', text, `a link version from 1 to ${LINK_VERSION}`, String(LINK_VERSION));
  return LINK_VERSION;
}

/**
 * Reads a hash, with or without `#`. Never throws.
 *
 * @param cards where more can be named than is loaded
 */
export function openLink(hash: string, catalogue: Catalogue, cards: Cards = catalogue): OpenedLink {
  const complaints = new Complaints();
  const repeats = new Map<string, string>();
  const raw = readKeys(hash, repeats, complaints);
  const version = readVersion(raw, complaints);
  // A link that names nothing is no old page: it opens the page as it is today.
  const keys = [...raw.keys()].every((key) => key === 'v') ? raw : migrate(raw, version);
  let state = DEFAULT_LINK;
  for (const { key, label, parse, read, write, encode } of FIELDS) {
    const value = keys.get(key);
    if (value === undefined) continue;
    const parsed = parse(value, state, cards);
    if (!(parsed instanceof Refusal)) {
      state = write(state, parsed, cards);
      continue;
    }
    if (parsed.nearest !== undefined) state = write(state, parsed.nearest, cards);
    const used = read(state);
    complaints.add(label, value, parsed.limit, used === null ? 'none' : encode(used));
  }
  const mechanism = catalogue.get(state.experiment.mechanism);
  const config = readSettings(keys, mechanism, state.experiment, complaints);
  const sources = readSources(keys, mechanism, complaints);
  const settings = mechanism && configSchemas(mechanism.config);
  for (const [key, value] of repeats) {
    // What is unknown or cannot be used was said to be so, however often it came.
    const isUsed = isReservedKey(key) || (settings?.has(key) && !complaints.list.some(({ field }) => field === key));
    if (isUsed) complaints.add(key, value, 'each key once', raw.get(key)!);
  }
  return {
    state: { ...state, experiment: { ...state.experiment, config } },
    sources,
    complaints: complaints.list,
  };
}
