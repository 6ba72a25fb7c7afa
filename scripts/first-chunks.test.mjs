import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { firstChunks } from './first-chunks.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const PAGE = 'app/main.tsx';
const EXHIBIT = 'app/mechanisms/attention/exhibit.ts';
const ENGINE = 'gpu/runtime/worker/worker.ts';

/** Names the file of a module, where each module imports `[at once, later]`. */
function filesOf(graph) {
  const nameOf = firstChunks();
  const getModuleInfo = (id) => {
    const path = Object.keys(graph).find((each) => at(each) === id);
    const [now = [], later = []] = graph[path] ?? [];
    return { importedIds: now.map(at), dynamicallyImportedIds: later.map(at) };
  };
  return (path) => nameOf(at(path), { getModuleInfo });
}

it('what loads together stands together, and nothing a worker may load stands with the page', () => {
  const fileOf = filesOf({
    [PAGE]: [
      ['app/shell.ts', 'gpu/errors.ts'],
      [EXHIBIT, 'app/help.ts'],
    ],
    [EXHIBIT]: [
      ['app/pen.ts', 'app/mechanisms/attention/story.ts', 'gpu/mechanisms/attention/steps.ts', 'gpu/rows.ts'],
    ],
    [ENGINE]: [['gpu/queue.ts', 'gpu/errors.ts'], ['gpu/mechanisms/attention/index.ts']],
    'gpu/mechanisms/attention/index.ts': [['gpu/mechanisms/attention/steps.ts', 'gpu/rows.ts']],
    'gpu/rows.ts': [['gpu/columns.ts']],
  });
  expect([PAGE, EXHIBIT, ENGINE].map(fileOf)).toEqual([null, null, null]);
  expect(fileOf('app/shell.ts')).toBe('page');
  expect(fileOf('app/pen.ts')).toBe('picture');
  expect(fileOf('app/mechanisms/attention/story.ts')).toBe('exhibit');
  expect(fileOf('gpu/queue.ts')).toBe('engine');
  expect(['gpu/errors.ts', 'gpu/rows.ts', 'gpu/columns.ts'].map(fileOf)).toEqual(['both', 'both', 'both']);
});

it('another exhibit brings nothing of the first, and what comes later comes by itself', () => {
  const fileOf = filesOf({
    [PAGE]: [['gpu/mechanisms/attention/card.ts'], [EXHIBIT, 'app/help.ts']],
    [EXHIBIT]: [['gpu/mechanisms/attention/steps.ts']],
    [ENGINE]: [[], ['gpu/mechanisms/attention/steps.ts']],
  });
  expect(fileOf('gpu/mechanisms/attention/card.ts')).toBe('page');
  expect(fileOf('gpu/mechanisms/attention/steps.ts')).toBeNull();
  expect(fileOf('app/help.ts')).toBeNull();
});
