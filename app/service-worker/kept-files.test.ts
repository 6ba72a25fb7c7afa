import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeptFiles, type SiteFiles } from './kept-files.ts';

const BASE = 'https://example.org/some/path/';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const listOf = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, digestOf(text)]));

/** A cache as the browser has it, with room for so many entries. */
function memoryCache(room = Number.POSITIVE_INFINITY) {
  const entries = new Map<string, Response>();
  const cache = {
    match: async (key: string) => entries.get(key)?.clone(),
    put: async (key: string, response: Response) => {
      if (entries.size >= room) throw new DOMException('no room', 'QuotaExceededError');
      entries.set(key, response);
    },
    keys: async () => [...entries.keys()].map((url) => ({ url })),
    delete: async ({ url }: { url: string }) => entries.delete(url),
  };
  return { entries, open: async () => cache as unknown as Cache };
}

/** A server whose files can be changed, and the network to it cut. */
function server(texts: Record<string, string>) {
  const asked: string[] = [];
  const state = { texts, isOff: false };
  const get = async (address: string, { cache }: RequestInit) => {
    const path = address.slice(BASE.length) || 'index.html';
    asked.push(`${path} ${cache}`);
    if (state.isOff) throw new TypeError('Failed to fetch');
    const text = state.texts[path];
    return text === undefined ? new Response('', { status: 404 }) : new Response(text);
  };
  return { asked, state, get };
}

const TEXTS = {
  'index.html': '<html>',
  'assets/index-1.js': 'page',
  'assets/editor-1.js': 'editor',
  'assets/exhibit-1.js': 'exhibit',
  'assets/words-1.js': 'words',
  'recordings/a.rec': 'recording 1',
};

function site(texts: typeof TEXTS): SiteFiles {
  const { 'index.html': page, 'assets/index-1.js': script, 'assets/editor-1.js': editor, ...used } = texts;
  return {
    first: listOf({ 'index.html': page, 'assets/index-1.js': script }),
    hand: listOf({ 'assets/editor-1.js': editor }),
    used: listOf(used),
    together: { 'assets/exhibit-1.js': ['assets/words-1.js'] },
  };
}

/** The answer's text, once what is done with it later is done too. */
async function answered(files: ReturnType<typeof createKeptFiles>, path: string): Promise<string> {
  const works: Promise<void>[] = [];
  const response = await files.answer(path, (work) => works.push(work));
  const text = await response.text();
  await Promise.all(works);
  return text;
}

test('installation fetches the files of a first visit, and no other', async () => {
  const { asked, get } = server(TEXTS);
  const { entries, open } = memoryCache();
  await createKeptFiles(site(TEXTS), BASE, open, get).install();
  expect(asked).toEqual(['index.html force-cache', 'assets/index-1.js force-cache']);
  expect(entries.size).toBe(2);
});

test('a file of another version is no installation, and one that the browser remembers from before is fetched anew', async () => {
  const { asked, get } = server({ ...TEXTS, 'index.html': '<html> of another version' });
  const { entries, open } = memoryCache();
  await expect(createKeptFiles(site(TEXTS), BASE, open, get).install()).rejects.toThrow(/index\.html/);
  expect(asked).toEqual(['index.html force-cache', 'index.html reload']);
  expect(entries.size).toBe(0);
});

test('what was used is there without the network, the rest of an exhibit too; what was not is not', async () => {
  const { state, get } = server(TEXTS);
  const files = createKeptFiles(site(TEXTS), BASE, memoryCache().open, get);
  await files.install();
  expect(await answered(files, 'assets/exhibit-1.js')).toBe('exhibit');
  state.isOff = true;
  expect(await answered(files, 'assets/exhibit-1.js')).toBe('exhibit');
  expect(await answered(files, 'assets/words-1.js')).toBe('words');
  expect(await answered(files, 'index.html')).toBe('<html>');
  await expect(answered(files, 'recordings/a.rec')).rejects.toThrow(/fetch/);
  state.isOff = false;
  expect(await answered(files, 'recordings/a.rec')).toBe('recording 1');
});

test('what the page loaded before the worker was there is kept, once', async () => {
  const { asked, state, get } = server(TEXTS);
  const files = createKeptFiles(site(TEXTS), BASE, memoryCache().open, get);
  await files.keep(['recordings/a.rec']);
  await files.keep(['recordings/a.rec']);
  expect(asked).toEqual(['recordings/a.rec force-cache']);
  state.isOff = true;
  expect(await answered(files, 'recordings/a.rec')).toBe('recording 1');
});

test('an update never answers with an old recording, and lets go of what it does not consist of', async () => {
  const { state, get } = server(TEXTS);
  const { entries, open } = memoryCache();
  const old = createKeptFiles(site(TEXTS), BASE, open, get);
  await old.install();
  await old.keep(['recordings/a.rec', 'assets/exhibit-1.js']);
  const renewed = { ...TEXTS, 'recordings/a.rec': 'recording 2' };
  state.texts = renewed;
  const files = createKeptFiles(site(renewed), BASE, open, get);
  await files.install();
  // The old version is still at work: nothing of its is gone.
  expect(await answered(old, 'recordings/a.rec')).toBe('recording 1');
  await files.clean();
  expect(entries.size).toBe(4);
  state.isOff = true;
  await expect(answered(files, 'recordings/a.rec')).rejects.toThrow();
  expect(await answered(files, 'assets/exhibit-1.js')).toBe('exhibit');
  state.isOff = false;
  expect(await answered(files, 'recordings/a.rec')).toBe('recording 2');
});

test('a page that answers for a missing script is not kept as that script', async () => {
  const { get } = server({ ...TEXTS, 'assets/exhibit-1.js': '<html>' });
  const { entries, open } = memoryCache();
  const files = createKeptFiles(site(TEXTS), BASE, open, get);
  expect(await answered(files, 'assets/exhibit-1.js')).toBe('<html>');
  expect([...entries.keys()].filter((key) => key.includes('exhibit'))).toEqual([]);
});

test('no room: the answer comes all the same, and the work behind it fails', async () => {
  const { get } = server(TEXTS);
  const files = createKeptFiles(site(TEXTS), BASE, memoryCache(0).open, get);
  const works: Promise<void>[] = [];
  const response = await files.answer('recordings/a.rec', (work) => works.push(work));
  expect(await response.text()).toBe('recording 1');
  await expect(works[0]).rejects.toThrow(/room/);
  await expect(files.keep(['recordings/a.rec'])).rejects.toThrow(/room/);
  await expect(files.install()).rejects.toThrow(/room/);
});

test('a cache that cannot be opened any more leaves the network', async () => {
  const { get } = server(TEXTS);
  const open = () => Promise.reject(new DOMException('denied', 'SecurityError'));
  const files = createKeptFiles(site(TEXTS), BASE, open, get);
  const response = await files.answer('index.html', (work) => work.catch(() => {}));
  expect(await response.text()).toBe('<html>');
});

test('files are those of this build, in this folder', () => {
  const { fileOf } = createKeptFiles(site(TEXTS), BASE, memoryCache().open, server(TEXTS).get);
  expect(fileOf(BASE)).toBe('index.html');
  expect(fileOf(`${BASE}#m=ssd`)).toBe('index.html');
  expect(fileOf(`${BASE}recordings/a.rec?now`)).toBe('recordings/a.rec');
  for (const other of [`${BASE}sw.js`, 'https://example.org/some/', 'https://example.com/some/path/index.html'])
    expect(fileOf(other), other).toBeNull();
});
