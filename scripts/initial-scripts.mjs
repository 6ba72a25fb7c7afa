// Which scripts of the built site a first visit loads before its first picture: the page's own, the chunks it awaits, everything these
// import statically, and every worker they name. Other dynamic imports come later and do not count.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'vite';
import { walkTree } from './layers/module-imports.mjs';

/** The first string in a node that names a script file. */
function scriptNameIn(node) {
  let name;
  walkTree(node, (part) => {
    const value = part.type === 'TemplateElement' ? part.value.cooked : part.value;
    if (!name && typeof value === 'string' && /\.m?js(\?|$)/.test(value)) name = value.replace(/\?.*$/, '');
  });
  return name;
}

/** Addresses of the scripts that `code` needs at once, as written: static imports and workers. */
function neededAtOnce(path, code) {
  const { program, module } = parseSync(path, code);
  const needed = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)]
    .map(({ moduleRequest }) => moduleRequest?.value)
    .filter(Boolean);
  walkTree(program, (node) => {
    if (node.type !== 'NewExpression' || !/^(Shared)?Worker$/.test(node.callee.name ?? '')) return;
    const name = scriptNameIn(node.arguments);
    if (name) needed.push(name);
  });
  return needed;
}

/**
 * Sources whose chunks the page awaits before its first picture; end-to-end tests hold this list against what a visit loads. The mechanism
 * is not among them: the first picture is of a shipped recording, which says itself what ran.
 */
const AWAITED = [
  'app/mechanisms/attention/exhibit.ts',
  // The first picture is a shipped recording where the device is slow.
  'app/state/recordings/recording-file.ts',
];

/** Scripts of the page's own <script> and <link rel="modulepreload"> elements, and the awaited chunks. */
function roots(folder, awaited) {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)]
    .map(([tag]) =>
      /^<script|rel="modulepreload"/.test(tag) ? /(?:src|href)="([^"]+\.js)"/.exec(tag)?.[1] : undefined,
    )
    .filter(Boolean);
  if (awaited.length === 0) return named;
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
  const chunks = awaited.map((source) => {
    if (!manifest[source])
      throw new Error(`${source} has no chunk of its own: mend the list in scripts/initial-scripts.mjs`);
    return manifest[source].file;
  });
  return [...named, ...chunks];
}

/**
 * @param {string} folder the built site
 * @param {string[]} awaited sources of dynamically imported chunks that count too
 * @returns {string[]} paths of the scripts, the page's own first
 * @throws when the site is not built, or names a script that is not there
 */
export function initialScripts(folder, awaited = AWAITED) {
  if (!existsSync(join(folder, 'index.html')))
    throw new Error(`${folder}/index.html is missing: run npm run build first`);
  const queue = roots(folder, awaited).map((address) => join(folder, address));
  const found = new Set();
  for (const path of queue) {
    if (found.has(path)) continue;
    if (!existsSync(path)) throw new Error(`${path} is named by the site but not in it`);
    found.add(path);
    for (const address of neededAtOnce(path, readFileSync(path, 'utf8'))) {
      const base = address.startsWith('assets/') ? folder : dirname(path);
      queue.push(join(base, address));
    }
  }
  return [...found];
}
