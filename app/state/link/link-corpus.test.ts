// Links that were once given out. fixtures/links.json is only ever added to: an entry that no longer opens as it did is a broken link
// somewhere in the world, and needs a migration, not an edit.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import type { LinkState } from '../stores/link-state.ts';
import { configSchemas } from './url-config.ts';
import { isReservedKey } from './url-fields.ts';
import { LINK_VERSION } from './url-migrations.ts';
import { encodeLink, type OpenedLink, openLink } from './url-state.ts';

interface Entry {
  title: string;
  version: number;
  link: string;
  opened: Omit<OpenedLink, 'complaints'>;
}

/** What the page has learned to keep since a link was given out has its default there. */
const SINCE = { step: null };
const corpus = (JSON.parse(readFileSync(new URL('./fixtures/links.json', import.meta.url), 'utf8')) as Entry[]).map(
  (entry): Entry => {
    const state = { ...SINCE, ...entry.opened.state };
    return { ...entry, opened: { ...entry.opened, state: { ...state, selection: placeOf(state.selection) } } };
  },
);

/** Until places had named axes, a tile was selected by its first row and key. Entries of that time keep what they were recorded with. */
function placeOf(selection: LinkState['selection'] | { kind: 'tile'; [key: string]: unknown }): LinkState['selection'] {
  if (selection?.kind !== 'tile') return selection;
  const { batch, head, q0, k0 } = selection as unknown as Record<string, number>;
  return { kind: 'at', at: { batch: batch!, head: head!, row: q0!, key: k0! } };
}

test('the corpus is there', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(31);
  expect(new Set(corpus.map(({ version }) => version))).toEqual(new Set([1, 2, LINK_VERSION]));
  expect(new Set(corpus.map(({ link }) => link)).size).toBe(corpus.length);
});

/** The address alone names nothing: it opens the page as it is today. */
const links = corpus.filter(({ link }) => link !== '');

test.each(links)('$title (v$version) opens as it always has', ({ link, opened }) => {
  expect(openLink(`#${link}`, mechanisms)).toEqual({ ...opened, complaints: [] });
});

test.each(links.filter(({ opened }) => opened.sources === null))(
  '$title is written as links are today',
  ({ link, opened, version }) => {
    const written = encodeLink(opened.state);
    if (version === LINK_VERSION) expect(written).toBe(link);
    // An older one is written as those of today, and opens the same.
    else expect(openLink(written, mechanisms)).toEqual({ ...opened, complaints: [] });
  },
);

test('no mechanism has a config key that links use themselves', () => {
  const keys = [...mechanisms.values()]
    .filter(({ role }) => role === 'mechanism')
    .flatMap(({ config }) => [...configSchemas(config).keys()]);
  expect(keys.length).toBeGreaterThan(10);
  expect(keys.filter(isReservedKey)).toEqual([]);
});
