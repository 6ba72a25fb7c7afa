// Modules that every visit loads before its first picture stand together in few files: each file costs a request and compresses by itself.
// What an engine's worker may load at any time stays apart, since a worker cannot run the page's code.

import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PAGE = at('app/main.tsx');
const EXHIBIT = at('app/mechanisms/attention/exhibit.ts');
const WORKERS = [at('gpu/runtime/worker/worker.ts'), at('app/state/beside/parity.worker.ts')];
const OWN = at('app/mechanisms/attention/');

/** Ids of all modules that `roots` import at once, and with `alsoLater` of those that they may import later. */
function reached(roots, getModuleInfo, alsoLater) {
  const found = new Set(roots);
  for (const id of found) {
    const { importedIds = [], dynamicallyImportedIds = [] } = getModuleInfo(id) ?? {};
    for (const next of alsoLater ? [...importedIds, ...dynamicallyImportedIds] : importedIds) found.add(next);
  }
  return found;
}

/** @returns {(id: string, context: { getModuleInfo(id: string): object | null }) => string | null} name of a module's file; null: as it comes */
export function firstChunks() {
  let sets;
  return (id, context) => {
    const getModuleInfo = (each) => context.getModuleInfo(each);
    sets ??= {
      page: reached([PAGE], getModuleInfo, false),
      exhibit: reached([EXHIBIT], getModuleInfo, false),
      workers: reached(WORKERS, getModuleInfo, true),
    };
    if (id === PAGE || id === EXHIBIT || sets.workers.has(id)) return null;
    if (sets.page.has(id)) return 'page';
    return sets.exhibit.has(id) && id.startsWith(OWN) ? 'exhibit' : null;
  };
}
