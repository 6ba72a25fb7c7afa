// Modules that every visit loads before its first picture stand together in few files: each file costs a request and compresses by itself.
// One for the page, one for what pictures are made of, one for the first exhibit, one for the engine; and one for what the page and its
// workers both need, since a worker cannot run the page's code. What a worker loads later and the page not at all stays as it comes.

import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PAGE = at('app/main.tsx');
const EXHIBIT = at('app/mechanisms/attention/exhibit.ts');
const RECORDING = at('app/state/recordings/recording-file.ts');
const ENGINE = at('gpu/runtime/worker/worker.ts');
const WORKERS = [ENGINE, at('app/state/beside/parity.worker.ts')];
const ENTRIES = new Set([PAGE, EXHIBIT, RECORDING, ...WORKERS]);
/** What another exhibit does without. */
const OWN = [at('app/mechanisms/attention/'), at('gpu/mechanisms/attention/')];
const CARD = at('gpu/mechanisms/attention/card.ts');

/** Ids of all modules that `roots` import at once, and with `alsoLater` of those that they may import later. */
function reached(roots, getModuleInfo, alsoLater = false) {
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
      page: reached([PAGE], getModuleInfo),
      picture: reached([EXHIBIT, RECORDING], getModuleInfo),
      engine: reached([ENGINE], getModuleInfo),
      workers: reached(WORKERS, getModuleInfo, true),
    };
    const { page, picture, engine, workers } = sets;
    if (ENTRIES.has(id)) return null;
    if (id !== CARD && OWN.some((folder) => id.startsWith(folder)))
      return picture.has(id) && !workers.has(id) ? 'exhibit' : null;
    if (page.has(id) || picture.has(id)) {
      if (workers.has(id)) return 'both';
      return page.has(id) ? 'page' : 'picture';
    }
    return engine.has(id) ? 'engine' : null;
  };
}
