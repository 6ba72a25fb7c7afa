// Which files of the built site the service worker fetches when it is installed, which when the page has nothing to do, and which it
// keeps once they are used: decided by what imports what, so that no list is kept by hand.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Chunk a script of the build
 * @property {string} fileName
 * @property {string | null} facadeModuleId the source that is its entry
 * @property {string[]} moduleIds
 * @property {string[]} imports files loaded with it
 * @property {string[]} dynamicImports files that it may load later
 * @property {{ importedCss: Set<string>, importedAssets: Set<string> }} [viteMetadata]
 */

/** The exhibit of the page without a link. */
const FIRST_EXHIBIT = 'attention';
/** Sources that the first exhibit and every run start from. */
const FIRST_ROOTS = [
  /\/app\/mechanisms\/attention\/exhibit\.ts$/,
  /\/gpu\/mechanisms\/attention\/index\.ts$/,
  /\/app\/state\/recordings\/recording-file\.ts$/,
  /worker\.ts$/,
];
/** Files that no script names. */
const FIRST_FILES = ['index.html', 'icon.svg', 'manifest.webmanifest'];
/** Neither is ever asked for by the page. */
const NEVER = /^(\.vite\/|sw\.js$)|(^|\/)(LICENSE|NOTICE)$/;

const OWN_FOLDER = /\/(?:app\/mechanisms|gpu\/mechanisms|gpu\/primitives)\/([^/]+)\/(?!card\.ts)/;

/** What stacks are made of, and the place where they are built. */
const OF_STACKS =
  /\/(?:gpu\/model\/(?:(?:stack|blocks|block|ends|foreign)\/|(?:composition|blocks|ends|kernels|part)\.ts)|app\/models\/)/;

/** True for a chunk that another exhibit than the first, or a stack, brings with it. */
const isOthers = ({ moduleIds }) =>
  moduleIds.some((id) => {
    if (OF_STACKS.test(id)) return true;
    const owner = OWN_FOLDER.exec(id)?.[1];
    return owner !== undefined && owner !== FIRST_EXHIBIT;
  });

/**
 * Everything that `roots` load at once, and what they may load later where that is followed.
 * @param {Map<string, Chunk>} chunks
 * @param {Iterable<string>} roots
 * @param {(from: string, later: Chunk) => boolean} isFollowed
 */
function reached(chunks, roots, isFollowed) {
  const found = new Set(roots);
  for (const file of found) {
    const chunk = chunks.get(file);
    if (!chunk) continue;
    for (const next of chunk.imports) found.add(next);
    for (const next of chunk.dynamicImports) {
      const later = chunks.get(next);
      if (later && isFollowed(file, later)) found.add(next);
    }
    for (const kind of ['importedCss', 'importedAssets'])
      for (const asset of chunk.viteMetadata?.[kind] ?? []) found.add(asset);
  }
  return found;
}

function* filesIn(folder, below = '') {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* filesIn(folder, path);
    else if (!NEVER.test(path)) yield path;
  }
}

/**
 * @param {string} folder the built site
 * @param {Iterable<Chunk>} built its scripts
 * @returns {import('../app/service-worker/kept-files.ts').SiteFiles}
 * @throws when a root is not among the scripts
 */
export function offlineFiles(folder, built) {
  const chunks = new Map([...built].map((chunk) => [chunk.fileName, chunk]));
  const all = [...chunks.values()].filter(({ fileName }) => !NEVER.test(fileName));
  const page = all
    .filter(({ facadeModuleId }) => facadeModuleId?.endsWith('/index.html'))
    .map(({ fileName }) => fileName);
  const roots = FIRST_ROOTS.flatMap((source) => {
    // A script that others share as well is nobody's entry: then it is the one that the source stands in.
    const files = [
      ({ facadeModuleId }) => source.test(facadeModuleId ?? ''),
      ({ moduleIds }) => moduleIds.some((id) => source.test(id)),
    ]
      .map((holds) => all.filter(holds).map(({ fileName }) => fileName))
      .find((found) => found.length > 0);
    if (!files) throw new Error(`${source} stands in no script: mend the list in scripts/offline-files.mjs`);
    return files;
  });
  if (page.length === 0) throw new Error('index.html loads no script');
  // The page itself is where everything can be asked for: of what it may load later only the first exhibit comes with the first visit.
  const shell = reached(chunks, [...FIRST_FILES, ...page], () => false);
  const first = reached(chunks, [...shell, ...roots], (from, later) => !shell.has(from) && !isOthers(later));
  const hand = reached(chunks, page, (_, later) => !isOthers(later));
  const files = { first: {}, hand: {}, used: {}, together: {} };
  for (const path of [...filesIn(folder)].sort()) {
    const list = first.has(path) ? 'first' : hand.has(path) ? 'hand' : 'used';
    const bytes = readFileSync(join(folder, path));
    files[list][path] = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    if (list !== 'used' || !chunks.has(path)) continue;
    // An exhibit that was opened is there as a whole: its words, its later views, what its studies run in the engine's worker.
    const more = [...reached(chunks, [path], (from) => !shell.has(from))];
    const rest = more.filter((other) => other !== path && !first.has(other) && !hand.has(other));
    if (rest.length > 0) files.together[path] = rest;
  }
  return files;
}
