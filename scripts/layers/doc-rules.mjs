// What the documents say is there, is there: files and folders that Markdown names, and documents that comments name.

import { lineAt } from './source-files.mjs';

/** A path of the project in back quotes or in a link, `<m>` and `*` standing for any name. */
const NAMED = /(?:`|\]\()((?:\.{1,2}\/|app\/|gpu\/|e2e\/|scripts\/|docs\/)[\w./<>*-]*)[`)#]/g;
/** A Markdown file, a word in capitals with the number of a section, or one that is to be seen. */
const DOCUMENT = /\b(?:(?:[\w-]+\/)*[\w-]+\.md\b|[A-Z]{4,} (?:section|§) ?\d|[Ss]ee [A-Z]{4,}\b)/g;
const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//g;

function resolved(from, path) {
  if (!path.startsWith('.')) return path;
  const parts = from.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const escaped = (text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** True where some file is called so, or lies in such a folder. */
function isThere(files, path) {
  if (files.has(path)) return true;
  const pattern = path
    .replace(/\/$/, '')
    .split(/<[^>]*>|\*+/)
    .map(escaped)
    .join('[^/]+');
  const named = new RegExp(`^${pattern}(?:/|$)`);
  return [...files.keys()].some((each) => named.test(each));
}

/** Names that Markdown gives to files of kinds that are read here, or to folders, and that nothing has. */
export function* checkDocuments(files) {
  const documents = new Set(
    [...files.keys()].filter((path) => path.endsWith('.md')).map((path) => path.split('/').at(-1)),
  );
  for (const [path, text] of files) {
    if (path.endsWith('.md') && path !== 'CHANGELOG.md')
      for (const { 1: name, index } of text.matchAll(NAMED)) {
        const target = resolved(path, name);
        if (/\.(?!md|ts|tsx|mjs|wgsl|css)\w+$/.test(target) || isThere(files, target)) continue;
        yield {
          rule: 'document-names-nothing',
          file: path,
          line: lineAt(text, index),
          message: `there is no ${target}`,
        };
      }
    if (!/\.(ts|tsx|mjs|wgsl|css)$/.test(path)) continue;
    for (const comment of text.matchAll(COMMENT))
      for (const { 0: name } of comment[0].matchAll(DOCUMENT)) {
        if (name.includes('*') || documents.has(name.split('/').at(-1))) continue;
        const line = lineAt(text, comment.index);
        yield { rule: 'comment-names-nothing', file: path, line, message: `${name} is no document of this project` };
      }
  }
}
