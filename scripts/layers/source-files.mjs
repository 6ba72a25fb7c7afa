// Lists the project's own files: every rule of check-layers.mjs reads from this one list, so none can look at another set of files.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['app', 'gpu', 'e2e', 'scripts', 'docs'];
const SKIPPED = new Set(['node_modules', 'fixtures', 'dist']);
const KINDS = /\.(ts|tsx|mjs|wgsl|css|md|json)$/;

function* walk(root, folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* walk(root, path);
    } else if (KINDS.test(entry.name)) yield path;
  }
}

/**
 * @param {string} root folder that holds app/ and gpu/
 * @returns {Map<string, string>} path relative to `root`, with forward slashes → text
 */
export function readSourceFiles(root) {
  const documents = readdirSync(root).filter((name) => name.endsWith('.md'));
  const paths = [...FOLDERS.flatMap((folder) => [...walk(root, folder)]), ...documents].sort();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Code that runs only in tests: free of the layer table, and importable from tests alone. */
export function isTestCode(path) {
  return (
    /\.test\.(ts|tsx|mjs)$/.test(path) ||
    /\/testing\//.test(path) ||
    /\/conformance\.ts$/.test(path) ||
    path.startsWith('e2e/')
  );
}

/** 1-based line of `offset` in `text`. */
export function lineAt(text, offset) {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
