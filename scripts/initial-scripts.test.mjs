import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { initialScripts } from './initial-scripts.mjs';

const root = mkdtempSync(join(tmpdir(), 'site-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let sites = 0;
function writeSite(files) {
  const folder = join(root, `site-${sites++}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    found: (awaited = []) => initialScripts(folder, awaited).map((path) => path.slice(folder.length + 1)),
  };
}

const HTML =
  '<link rel="stylesheet" href="./assets/a.css"><link rel="modulepreload" crossorigin href="./assets/shared.js">' +
  '<script type="module" crossorigin src="./assets/index.js"></script>';

describe('initialScripts', () => {
  it('follows static imports and workers, and leaves dynamic imports out', () => {
    const site = writeSite({
      'index.html': HTML,
      'assets/index.js':
        'import{a}from"./part.js";import("./later.js");new Worker(new URL(new URL(`engine.js`,import.meta.url).href,``+import.meta.url),{type:`module`});a()',
      'assets/part.js': 'export*from"./deep.js"',
      'assets/deep.js': 'export const a=()=>1',
      'assets/shared.js': '1',
      'assets/later.js': 'import"./never.js"',
      'assets/engine.js': 'import"./kernel.js"',
      'assets/kernel.js': '1',
    });
    expect(site.found().sort()).toEqual(
      ['deep', 'engine', 'index', 'kernel', 'part', 'shared'].map((name) => `assets/${name}.js`),
    );
  });

  it('counts the chunks that the page awaits, and refuses one that has no chunk', () => {
    const site = writeSite({
      'index.html': '<script type="module" src="./assets/index.js"></script>',
      '.vite/manifest.json': JSON.stringify({ 'app/view.ts': { file: 'assets/view.js' } }),
      'assets/index.js': 'import("./view.js")',
      'assets/view.js': 'import"./marks.js"',
      'assets/marks.js': '1',
    });
    expect(site.found()).toEqual(['assets/index.js']);
    expect(site.found(['app/view.ts']).sort()).toEqual(['assets/index.js', 'assets/marks.js', 'assets/view.js']);
    expect(() => site.found(['app/gone.ts'])).toThrow(/has no chunk of its own/);
  });

  it('refuses a site that is not built, or that names a script it does not have', () => {
    expect(() => writeSite({ 'other.txt': '' }).found()).toThrow(/run npm run build first/);
    expect(() => writeSite({ 'index.html': HTML, 'assets/shared.js': '1' }).found()).toThrow(/index\.js is named/);
  });
});
