// What lists exhibits (the registry, and everything of the page that is no exhibit and no model itself) knows their cards: none of it brings the code of
// a mechanism or the view of an exhibit with it.

import { resolveSpecifier } from './module-imports.mjs';
import { isTestCode, lineAt } from './source-files.mjs';

const LISTS = ['gpu/mechanisms/registry.ts', 'gpu/mechanisms/cards.ts'];
/** The whole registry at once: for tests, scripts and the headless API. */
const WHOLE = /^gpu\/(mechanisms|model)\/all\.ts$/;
const isList = (path) =>
  LISTS.includes(path) ||
  (path.startsWith('app/') && !path.startsWith('app/mechanisms/') && !path.startsWith('app/models/'));
const isCode = (path) =>
  /^(gpu\/(mechanisms|primitives)|app\/mechanisms)\/[^/]+\//.test(path) && !/\/card\.ts$/.test(path);

/** What a module imports at once, types aside: paths, those of an eager glob by its pattern. */
function* importedAtOnce(path, modules) {
  for (const { specifier, pattern, typeOnly, lazy } of modules.get(path)?.imports ?? []) {
    if (typeOnly || lazy) continue;
    if (pattern === undefined) {
      yield resolveSpecifier(path, specifier);
      continue;
    }
    const parts = resolveSpecifier(path, pattern).split('*');
    const matches = new RegExp(`^${parts.map((part) => part.replace(/[.]/g, '\\.')).join('[^/]+')}$`);
    yield* [...modules.keys()].filter((each) => matches.test(each));
  }
}

/** Mechanisms and exhibits that come along wherever a list is loaded, through however many modules. */
export function* checkLists(modules) {
  for (const start of modules.keys()) {
    if (!isList(start) || isTestCode(start)) continue;
    const reached = new Map([[start, [start]]]);
    for (const [path, trail] of reached)
      for (const target of importedAtOnce(path, modules)) {
        if (reached.has(target)) continue;
        reached.set(target, [...trail, target]);
        if (isCode(target) || WHOLE.test(target))
          yield {
            rule: 'list-loads-code',
            file: start,
            line: 1,
            message: `brings code of an exhibit with it, where its card would do: ${[...trail, target].join(' → ')}`,
          };
      }
  }
}

/** So many exhibits named in one list are a list of exhibits. */
const MOST_NAMED = 2;

/** Lists of exhibits written by hand, in tests and scripts too: the next one would be missing there. */
export function* checkHandLists(files) {
  const ids = [...files.keys()].flatMap((path) => /^gpu\/mechanisms\/([^/]+)\/card\.ts$/.exec(path)?.[1] ?? []);
  for (const [path, text] of files) {
    if (!/\.(ts|tsx|mjs)$/.test(path)) continue;
    for (const { 0: list, index } of text.matchAll(/\[[^[\]]*\]/g)) {
      const named = ids.filter((id) => list.includes(`'${id}'`));
      if (named.length > MOST_NAMED)
        yield {
          rule: 'hand-list',
          file: path,
          line: lineAt(text, index),
          message: `names exhibits by hand, where the registry has them: ${named.join(', ')}`,
        };
    }
  }
}
