// docs/ARCHITECTURE.md names every room, its table of what a new thing touches is counted, and the counts stay small.

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readSourceFiles } from './layers/source-files.mjs';
import { touched, touchedTable } from './what-touches.mjs';

const files = readSourceFiles(fileURLToPath(new URL('..', import.meta.url)));

test('every room of the engine and of the page stands in docs/ARCHITECTURE.md', () => {
  const text = files.get('docs/ARCHITECTURE.md');
  const rooms = new Set([...files.keys()].flatMap((path) => /^(?:app|gpu)\/[^/]+(?=\/)/.exec(path) ?? []));
  expect(rooms.size).toBeGreaterThan(20);
  expect([...rooms].filter((room) => !text.includes(`\`${room}`))).toEqual([]);
});

test('a new thing touches at most two files outside of its own folder', () => {
  const all = touched(files);
  expect(all.length).toBeGreaterThanOrEqual(8);
  for (const { what, own, outside } of all) {
    // What is not there is named by nobody.
    const there =
      own.length > 0 ? [...files.keys()].filter((path) => own.some((each) => path.startsWith(each))) : outside;
    expect(there.length, what).toBeGreaterThan(0);
    expect(outside.length, `${what}: ${outside.join(', ')}`).toBeLessThanOrEqual(2);
  }
});

test('docs/ARCHITECTURE.md has the table as it is counted', () => {
  expect(files.get('docs/ARCHITECTURE.md')).toContain(touchedTable(files));
});

test('a file that names a thing is counted, one of tests is not', () => {
  const [mechanism] = touched(
    new Map([
      ['app/state/lists.ts', "export const first = 'token-pruning';\n"],
      ['app/state/lists.test.ts', "export const first = 'token-pruning';\n"],
      ['gpu/mechanisms/token-pruning/card.ts', "export const id = 'token-pruning';\n"],
    ]),
  );
  expect(mechanism.outside).toEqual(['app/state/lists.ts']);
});
