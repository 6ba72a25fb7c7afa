// Links that were once given out. fixtures/links.json is only ever added to: an entry that no longer opens as it did is a broken link
// somewhere in the world, and needs a migration, not an edit.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { configSchemas } from './url-config.ts';
import { encodeLink, isReservedKey, type OpenedLink, openLink } from './url-state.ts';

interface Entry {
  title: string;
  version: number;
  link: string;
  opened: Omit<OpenedLink, 'complaints'>;
}

/** What the page has learned to keep since a link was given out has its default there. */
const SINCE = { step: null };
const corpus: Entry[] = (
  JSON.parse(readFileSync(new URL('./fixtures/links.json', import.meta.url), 'utf8')) as Entry[]
).map((entry) => ({ ...entry, opened: { ...entry.opened, state: { ...SINCE, ...entry.opened.state } } }));

test('the corpus is there', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(13);
  expect(new Set(corpus.map(({ link }) => link)).size).toBe(corpus.length);
});

test.each(corpus)('$title (v$version) opens as it always has', ({ link, opened }) => {
  expect(openLink(`#${link}`, mechanisms)).toEqual({ ...opened, complaints: [] });
});

test.each(corpus.filter(({ opened }) => opened.sources === null))(
  '$title is written as it was',
  ({ link, opened, version }) => {
    if (version === 1) expect(encodeLink(opened.state)).toBe(link);
  },
);

test('no mechanism has a config key that links use themselves', () => {
  const keys = [...mechanisms.values()]
    .filter(({ role }) => role === 'mechanism')
    .flatMap(({ config }) => [...configSchemas(config).keys()]);
  expect(keys.length).toBeGreaterThan(10);
  expect(keys.filter(isReservedKey)).toEqual([]);
});
