// Every key of a link but those of a mechanism's config, in one typed table: what it is called, how it is written, how it is read.

import type { Card } from '#gpu/mechanisms/mechanism.ts';
import type { Place } from '../../exhibit/place.ts';
import { SPEEDS } from '../stores/cursor-store.ts';
import {
  type Arrangement,
  type Experiment,
  type InputKind,
  MAX_SEED,
  MAX_TEXT_LENGTH,
  orderOf,
  roundPane,
  STEP_ORDERS,
  type StepOrder,
} from '../stores/experiment.ts';
import type { LinkedStep, LinkState } from '../stores/link-state.ts';
import { encodePlace, parsePlace } from './url-place.ts';
import {
  encodeText,
  type Parsed,
  parseChoice,
  parseInteger,
  parseNumber,
  parseText,
  parseToggle,
  Refusal,
} from './url-values.ts';

/** Everything that a link can name. */
export type Cards = ReadonlyMap<string, Pick<Card, 'id' | 'role' | 'variants'>>;

/** Before the name of a kernel's file: its edited source. */
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

const parseFillName = (value: string): Parsed<string> =>
  /^[a-z][a-z0-9-]{0,31}$/.test(value) ? value : new Refusal('the name of what fills a picture');

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
  field<string | null>({
    key: 'fill',
    label: 'filling',
    read: ({ arrangement }) => arrangement.fill || null,
    encode: (value) => value ?? '',
    parse: parseFillName,
    write: (state, fill) => ({ ...state, arrangement: { ...state.arrangement, fill: fill ?? undefined } }),
  }),
  field(arrangementField('present', 'presentation', 'present', toggleText, parseToggle)),
  field<StepOrder>({
    key: 'order',
    label: 'order of the steps',
    read: ({ arrangement }) => orderOf(arrangement),
    encode: String,
    parse: (value) => parseChoice(value, STEP_ORDERS),
    write: (state, order) => ({ ...state, arrangement: { ...state.arrangement, order } }),
  }),
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
