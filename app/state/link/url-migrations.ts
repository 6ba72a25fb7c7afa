// Links live for ever. `v=` names the version that wrote a link; each migration turns the keys of version n into those of n + 1.

import { DEFAULT_EXPERIMENT } from '../stores/experiment.ts';

export const LINK_VERSION = 3;
/** Of a link that names none. Such a link was written by hand: migrations leave newer forms as they are. */
export const FIRST_VERSION = 1;

export type LinkKeys = ReadonlyMap<string, string>;
export type Migration = (keys: LinkKeys) => LinkKeys;

/** What a version 1 selection of a row counted as batch, "head" and "row", by mechanism; attention's for all others. */
const ROW_AXES: Readonly<Record<string, readonly string[]>> = {
  'selective-scan': ['batch', 'channel', 'time'],
  'mamba-block': ['batch', 'channel', 'time'],
  ssd: ['batch', 'head', 'time'],
};
const SCORE_AXES = ['batch', 'head', 'row', 'key'];

/** A version 1 selection as a place on named axes; what is none, or is the same in version 2, as it stands. */
function placeOfSelection(selection: string, mechanism: string): string {
  const [kind, ...parts] = selection.split(':');
  const on = (axes: readonly string[]) =>
    parts.length === axes.length && parts.every((part) => /^\d{1,10}$/.test(part))
      ? `at:${axes.map((axis, i) => `${axis}:${parts[i]}`).join(',')}`
      : selection;
  if (kind === 'row') return on(ROW_AXES[mechanism] ?? SCORE_AXES.slice(0, 3));
  // The first row and key of a tile, which it holds.
  if (kind === 'tile') return on(SCORE_AXES);
  if (kind === 'length') return on(['length']);
  // The shapes of tensors are not known here: elements keep their number in memory.
  if (kind === 'element' && /^[\w.-]{1,64}:\d{1,10}$/.test(parts.join(':')))
    return `at:${parts[0]},element:${parts[1]}`;
  return selection;
}

/** What links up to version 2 left out: the sentence, the second view's size, and the settings of the mechanism that they opened. */
const PAGE_OF_2: readonly [string, string][] = [
  ['text', 'The animal did not cross the street because it was too tired to walk'],
  ['lower', '40'],
];
const SETTINGS_OF_2: readonly [string, string][] = [
  ['br', '16'],
  ['bc', '4'],
  ['heads', 'auto'],
];

/** `MIGRATIONS[n]` leads from version n to n + 1. Pure; they only rename, split, or write out old defaults. */
export const MIGRATIONS: Readonly<Record<number, Migration>> = {
  1: (keys) => {
    const selection = keys.get('sel');
    if (selection === undefined) return keys;
    const mechanism = keys.get('m') ?? DEFAULT_EXPERIMENT.mechanism;
    return new Map([...keys, ['sel', placeOfSelection(selection, mechanism)]]);
  },
  2: (keys) => {
    const mechanism = keys.get('m') ?? DEFAULT_EXPERIMENT.mechanism;
    const settings = mechanism === DEFAULT_EXPERIMENT.mechanism ? SETTINGS_OF_2 : [];
    return new Map([...keys, ...[...PAGE_OF_2, ...settings].filter(([key]) => !keys.has(key))]);
  },
};

/** Applies the chain from version `from` up to `to`. A version without a migration is already in the next one's form. */
export function migrate(
  keys: LinkKeys,
  from: number,
  to: number = LINK_VERSION,
  migrations: Readonly<Record<number, Migration>> = MIGRATIONS,
): LinkKeys {
  let current = keys;
  for (let version = from; version < to; version++) current = migrations[version]?.(current) ?? current;
  return current;
}
