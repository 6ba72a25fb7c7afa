// The link: page state ⇄ location hash. One typed table names every key. Scalars are readable, defaults are omitted, long parts are
// packed. Reading never throws: what cannot be used is named in a complaint and the default (or the nearest value) is used instead.

import type { Card, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Place } from '../../exhibit/place.ts';
import { type Complaint, UNKNOWN_KEY } from '../stores/complaint.ts';
import { SPEEDS } from '../stores/cursor-store.ts';
import {
  type Arrangement,
  type ConfigValue,
  DEFAULT_EXPERIMENT,
  type Experiment,
  type InputKind,
  MAX_SEED,
  MAX_SOURCE_LENGTH,
  MAX_TEXT_LENGTH,
  roundPane,
} from '../stores/experiment.ts';
import { DEFAULT_LINK, type LinkedStep, type LinkState } from '../stores/link-state.ts';
import { Complaints } from './url-complaints.ts';
import { configSchemas, encodeConfigValue, mendConfig, parseConfigValue } from './url-config.ts';
import { FIRST_VERSION, LINK_VERSION, type LinkKeys, migrate } from './url-migrations.ts';
import { encodePlace, parsePlace } from './url-place.ts';
import {
  encodeText,
  escapeValue,
  type Parsed,
  parseChoice,
  parseInteger,
  parseNumber,
  parseText,
  parseToggle,
  Refusal,
} from './url-values.ts';

export interface OpenedLink {
  state: LinkState;
  /** Edited kernels of the link; they are not in `state` and run only after the user's consent. */
  sources: Record<string, string> | null;
  complaints: Complaint[];
}

/** Mechanisms whose settings can be read: that of the link, at least. */
export type Catalogue = ReadonlyMap<string, Mechanism>;
/** Everything that a link can name. */
type Cards = ReadonlyMap<string, Pick<Card, 'id' | 'role' | 'variants'>>;

/** Longest hash that is read at all, UTF-16 units. */
export const MAX_HASH_LENGTH = 300_000;
export const SOURCE_PREFIX = 'src.';
const INPUT_KINDS: readonly InputKind[] = ['sentence', 'random', 'file'];

interface Field<T> {
  key: string;
  /** Named in complaints. */
  label: string;
  read(state: LinkState): T;
  encode(value: T): string;
  parse(value: string, soFar: LinkState, cards: Cards): Parsed<T>;
  write(state: LinkState, value: T, cards: Cards): LinkState;
}

const experimentField = <K extends keyof Experiment>(
  key: string,
  label: string,
  name: K,
  encode: (value: Experiment[K]) => string,
  parse: Field<Experiment[K]>['parse'],
): Field<Experiment[K]> => ({
  key,
  label,
  encode,
  parse,
  read: (state) => state.experiment[name],
  write: (state, value) => ({ ...state, experiment: { ...state.experiment, [name]: value } }),
});

const arrangementField = <K extends keyof Arrangement>(
  key: string,
  label: string,
  name: K,
  encode: (value: Arrangement[K]) => string,
  parse: Field<Arrangement[K]>['parse'],
): Field<Arrangement[K]> => ({
  key,
  label,
  encode,
  parse,
  read: (state) => state.arrangement[name],
  write: (state, value) => ({ ...state, arrangement: { ...state.arrangement, [name]: value } }),
});

const paneField = (key: string, name: keyof Arrangement['panes']): Field<number> => ({
  key,
  label: `size of the ${name} pane`,
  read: (state) => state.arrangement.panes[name],
  encode: String,
  parse: (value) => {
    const percent = parseNumber(value, 0, 80);
    return percent instanceof Refusal ? percent : roundPane(percent);
  },
  write: (state, value) => ({
    ...state,
    arrangement: { ...state.arrangement, panes: { ...state.arrangement.panes, [name]: value } },
  }),
});

const toggleText = (value: boolean) => (value ? '1' : '0');

const parseViewName = (value: string): Parsed<string> =>
  /^[a-z][a-z0-9-]{0,31}$/.test(value) ? value : new Refusal('the name of a view');

const variantIds = (state: LinkState, cards: Cards) =>
  cards.get(state.experiment.mechanism)?.variants.map(({ id }) => id) ?? [];

const field = <T>(spec: Field<T>): Field<unknown> => spec as unknown as Field<unknown>;

/** Every key of a link, in the order they are written and read; a mechanism's config keys and `src.…` follow. */
export const FIELDS: readonly Field<unknown>[] = [
  field({
    ...experimentField('m', 'mechanism', 'mechanism', String, (value, _, cards) =>
      parseChoice(
        value,
        [...cards.values()].filter(({ role }) => role === 'mechanism').map(({ id }) => id),
      ),
    ),
    // A default variant that the mechanism does not have gives way to its first.
    write: ({ experiment, ...rest }, mechanism: string, cards) => {
      const state = { ...rest, experiment: { ...experiment, mechanism } };
      const [first = experiment.variant, ...ids] = variantIds(state, cards);
      const variant = ids.includes(experiment.variant) ? experiment.variant : first;
      return { ...state, experiment: { ...state.experiment, variant } };
    },
  }),
  field(
    experimentField('k', 'kernel variant', 'variant', String, (value, state, cards) =>
      parseChoice(value, variantIds(state, cards)),
    ),
  ),
  field(
    experimentField(
      'vs',
      'compared variant',
      'compare',
      (value) => value ?? 'none',
      (value, state, cards) => {
        if (value === state.experiment.variant) return new Refusal('another variant than the one on the stage');
        return value === 'none' ? null : parseChoice(value, variantIds(state, cards));
      },
    ),
  ),
  field(experimentField('in', 'input', 'input', String, (value) => parseChoice(value, INPUT_KINDS))),
  field(experimentField('text', 'sentence', 'text', encodeText, (value) => parseText(value, MAX_TEXT_LENGTH))),
  field(experimentField('seed', 'seed', 'seed', String, (value) => parseInteger(value, 0, MAX_SEED))),
  field(arrangementField('view', 'view', 'view', String, parseViewName)),
  field(arrangementField('below', 'second view', 'below', String, parseViewName)),
  field(arrangementField('table', 'table', 'table', toggleText, parseToggle)),
  field(arrangementField('present', 'presentation', 'present', toggleText, parseToggle)),
  field(paneField('setup', 'setup')),
  field(paneField('side', 'side')),
  field(paneField('numbers', 'numbers')),
  field(paneField('lower', 'below')),
  field<number | null>({
    key: 'tick',
    label: 'step',
    read: (state) => state.tick,
    encode: String,
    parse: (value) => parseInteger(value, 0, 10_000_000),
    write: (state, tick) => ({ ...state, tick }),
  }),
  field<LinkedStep | null>({
    key: 'at',
    label: 'place of the step',
    read: (state) => state.step,
    encode: (step) => (step ? [step.dispatch, step.workgroup, step.site, step.visit].join('.') : ''),
    parse: (value) => {
      const numbers = value.split('.').map(Number);
      if (!/^\d{1,9}(\.\d{1,9}){3}$/.test(value)) return new Refusal('four numbers such as 0.5.3.2');
      const [dispatch, workgroup, site, visit] = numbers as [number, number, number, number];
      return { dispatch, workgroup, site, visit };
    },
    write: (state, step) => ({ ...state, step }),
  }),
  field<number>({
    key: 'speed',
    label: 'speed',
    read: (state) => state.speed,
    encode: String,
    parse: (value) => {
      const number = parseNumber(value, SPEEDS[0], SPEEDS.at(-1)!);
      if (number instanceof Refusal || SPEEDS.some((speed) => speed === number)) return number;
      const nearest = SPEEDS.reduce((a, b) => (Math.abs(b - number) < Math.abs(a - number) ? b : a));
      return new Refusal<number>(`one of ${SPEEDS.join(', ')}`, nearest);
    },
    write: (state, speed) => ({ ...state, speed }),
  }),
  field<Place | null>({
    key: 'sel',
    label: 'selection',
    read: (state) => state.selection,
    encode: (value) => (value ? encodePlace(value) : ''),
    parse: parsePlace,
    write: (state, selection) => ({ ...state, selection }),
  }),
];

const FIELD_KEYS: ReadonlySet<string> = new Set(['v', ...FIELDS.map(({ key }) => key)]);

/** True for names the link itself uses; a mechanism's config must not use them. */
export function isReservedKey(key: string): boolean {
  return FIELD_KEYS.has(key) || key.startsWith(SOURCE_PREFIX);
}

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
  const { mechanism, config } = state.experiment;
  const defaults = defaultConfig(mechanism);
  // In alphabetical order, so that equal states have equal links.
  for (const key of [...new Set([...Object.keys(config), ...Object.keys(defaults)])].sort()) {
    const value = config[key];
    if (value === undefined) put(key, LEFT_OUT);
    else if (JSON.stringify(value) !== JSON.stringify(defaults[key])) put(key, encodeConfigValue(value));
  }
  for (const [file, source] of Object.entries(state.experiment.sources)) put(SOURCE_PREFIX + file, encodeText(source));
  return parts.length === 0 ? '' : `v=${LINK_VERSION}&${parts.join('&')}`;
}

/** Written for a config key that the default page sets and this one leaves to the mechanism. */
const LEFT_OUT = 'auto';

/** The config that an empty link opens, for the mechanism it opens. */
function defaultConfig(mechanism: string): Experiment['config'] {
  return mechanism === DEFAULT_EXPERIMENT.mechanism ? DEFAULT_EXPERIMENT.config : {};
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

function readConfig(
  keys: LinkKeys,
  mechanism: Mechanism | undefined,
  { mechanism: id, input }: Experiment,
  complaints: Complaints,
): Record<string, ConfigValue> {
  const schemas = mechanism ? configSchemas(mechanism.config) : new Map();
  const config: Record<string, ConfigValue> = { ...defaultConfig(id) };
  const refusals = new Map<string, Refusal<ConfigValue>>();
  for (const [key, value] of keys) {
    if (isReservedKey(key)) continue;
    const schema = schemas.get(key);
    if (schema && value === LEFT_OUT) {
      delete config[key];
      continue;
    }
    if (!schema) continue;
    const parsed = parseConfigValue(schema, value);
    if (!(parsed instanceof Refusal)) config[key] = parsed;
    else {
      refusals.set(key, parsed);
      if (parsed.nearest !== undefined) config[key] = parsed.nearest;
    }
  }
  if (mechanism) {
    const beneath = input === 'random' ? (mechanism.presets[0]?.config ?? {}) : null;
    for (const [key, refusal] of mendConfig(mechanism, config, (each) => keys.has(each), beneath)) {
      refusals.set(key, refusal);
    }
  }
  for (const [key, value] of keys) {
    const refusal = refusals.get(key);
    if (refusal) {
      const { limit, nearest } = refusal;
      complaints.add(key, value, limit, nearest === undefined ? 'the default' : String(nearest));
    } else if (!isReservedKey(key) && !schemas.has(key)) {
      complaints.add(key, value, UNKNOWN_KEY, 'nothing: it was ignored');
    }
  }
  return config;
}

function readSources(
  keys: LinkKeys,
  mechanism: Mechanism | undefined,
  complaints: Complaints,
): Record<string, string> | null {
  const files = new Set(mechanism?.variants.flatMap(({ kernels }) => kernels.map(({ file }) => file)));
  const sources: Record<string, string> = {};
  for (const [key, value] of keys) {
    if (!key.startsWith(SOURCE_PREFIX)) continue;
    const file = key.slice(SOURCE_PREFIX.length);
    const source = parseText(value, MAX_SOURCE_LENGTH);
    if (!files.has(file)) complaints.add(key, value, `one of ${[...files].join(', ')}`, 'nothing: it was ignored');
    else if (source instanceof Refusal) complaints.add(key, value, source.limit, 'the kernel as shipped');
    else sources[file] = source;
  }
  return Object.keys(sources).length > 0 ? sources : null;
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
  const keys = migrate(raw, readVersion(raw, complaints));
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
  const config = readConfig(keys, mechanism, state.experiment, complaints);
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
