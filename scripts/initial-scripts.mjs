// Which scripts of the built site a first visit loads at once: the page's own, everything they import statically, and every worker
// they name. Dynamic imports come later and do not count. Found in the built files themselves, so nothing can be forgotten in a list.

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
 * @param {string} folder the built site
 * @returns {string[]} paths of the scripts, the page's own first
 * @throws when the site is not built, or names a script that is not there
 */
export function initialScripts(folder) {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) throw new Error(`${index} is missing: run npm run build first`);
  const html = readFileSync(index, 'utf8');
  const queue = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)]
    .map(([tag]) =>
      /^<script|rel="modulepreload"/.test(tag) ? /(?:src|href)="([^"]+\.js)"/.exec(tag)?.[1] : undefined,
    )
    .filter(Boolean)
    .map((address) => join(folder, address));
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
