// One parsed module: what it imports (statically, dynamically, as a worker, as a type) and its syntax tree. The parser is the one
// Vite builds with, so the checker understands exactly what the build understands.

import { parseSync } from 'vite';
import { lineAt } from './source-files.mjs';

/** Calls `visit(node, parent, key)` for every node of a syntax tree, outermost first. */
export function walkTree(node, visit, parent = null, key = '') {
  if (Array.isArray(node)) {
    for (const child of node) walkTree(child, visit, parent, key);
    return;
  }
  if (!node || typeof node.type !== 'string') return;
  visit(node, parent, key);
  for (const name in node) {
    const child = node[name];
    if (child && typeof child === 'object') walkTree(child, visit, node, name);
  }
}

const isGlobImport = (node) =>
  node.type === 'CallExpression' &&
  node.callee.property?.name === 'glob' &&
  node.callee.object?.type === 'MetaProperty';

const globPatterns = (argument) =>
  (argument?.elements ?? [argument]).map((element) => element?.value).filter((value) => typeof value === 'string');

/** `{ eager: true }`: the matches are imported at once. */
const isEager = (options) =>
  options?.properties?.some(({ key, value }) => (key.name ?? key.value) === 'eager' && value.value === true) ?? false;

const isAllTypes = (entries) => entries.length > 0 && entries.every((entry) => entry.isType);

/**
 * @param {string} path decides the dialect by its ending (.ts, .tsx, .mjs)
 * @param {string} text
 * @returns {{ tree: object, comments: object[], errors: string[],
 *   imports: { specifier: string, line: number, typeOnly: boolean, lazy: boolean, pattern?: string }[] }}
 *   `lazy`: loaded later (dynamic import, worker), so it takes no part in cycles; `pattern`: that of an `import.meta.glob`
 */
export function parseModule(path, text) {
  const { program, module, comments, errors } = parseSync(path, text);
  const imports = [];
  const add = (specifier, offset, typeOnly, lazy, pattern) =>
    imports.push({ specifier, line: lineAt(text, offset), typeOnly, lazy, ...(pattern && { pattern }) });

  for (const { moduleRequest, start, entries } of module.staticImports)
    add(moduleRequest.value, start, isAllTypes(entries), false);
  for (const { start, entries } of module.staticExports) {
    const from = entries.filter((entry) => entry.moduleRequest);
    if (from.length > 0) add(from[0].moduleRequest.value, start, isAllTypes(from), false);
  }
  walkTree(program, (node) => {
    if (node.type === 'ImportExpression') {
      if (typeof node.source.value === 'string') add(node.source.value, node.start, false, true);
      else add('(computed)', node.start, false, true);
    } else if (node.type === 'TSImportType') {
      const source = node.source ?? node.argument?.literal ?? node.argument;
      if (typeof source?.value === 'string') add(source.value, node.start, true, false);
    } else if (isGlobImport(node)) {
      // Vite's import.meta.glob: judged by the folder all of its matches lie in.
      for (const pattern of globPatterns(node.arguments[0]))
        add(pattern.replace(/\*.*$/, ''), node.start, false, !isEager(node.arguments[1]), pattern);
    } else if (
      node.type === 'NewExpression' &&
      node.callee.name === 'URL' &&
      node.arguments[1]?.type === 'MemberExpression'
    ) {
      const [address] = node.arguments;
      if (typeof address?.value === 'string' && address.value.startsWith('.'))
        add(address.value, node.start, false, true);
    }
  });
  return { tree: program, comments, errors: errors.map(({ message }) => message), imports };
}

/**
 * Path a specifier stands for, relative to the root; a package's name as `npm:name`; a Node module as `node:name`.
 * @returns {string}
 */
export function resolveSpecifier(from, specifier) {
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('node:')) return bare;
  if (/^#(gpu|app)\//.test(bare)) return bare.slice(1);
  if (!bare.startsWith('.')) {
    const parts = bare.split('/');
    return `npm:${bare.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]}`;
  }
  const path = from.split('/').slice(0, -1);
  for (const part of bare.split('/')) {
    if (part === '..') {
      if (path.length === 0) return `outside:${specifier}`;
      path.pop();
    } else if (part !== '.') path.push(part);
  }
  return path.join('/');
}
