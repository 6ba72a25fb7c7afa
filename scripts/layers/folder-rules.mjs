// Every mechanism and primitive folder has the same file roles, is registered, and describes every step its kernels mark;
// every mechanism has a view.

import { stepMarkers } from './kernel-rules.mjs';
import { walkTree } from './module-imports.mjs';
import { lineAt } from './source-files.mjs';

const ROLES = ['README.md', 'card.ts', 'config.ts', 'plan.ts', 'reference.ts', 'cost.ts', 'steps.ts', 'index.ts'];
/** What finds an exhibit in its folder (app/mechanisms/load-view.ts): described, or with pictures of its own. */
const EXHIBIT = /^(exhibit\.tsx?|View\.tsx)$/;

function foldersIn(files, parent) {
  const names = [...files.keys()].flatMap((path) => {
    const rest = path.startsWith(parent) ? path.slice(parent.length) : '';
    return rest.includes('/') ? [rest.split('/')[0]] : [];
  });
  return [...new Set(names)];
}

const insideOf = (files, folder) =>
  [...files.keys()].filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));

function* checkRoles(files, folder) {
  const inside = insideOf(files, folder);
  const missing = ROLES.filter((role) => !inside.includes(role));
  if (!inside.some((name) => name.endsWith('.wgsl'))) missing.push('*.wgsl');
  if (!inside.some((name) => /(?<!\.gpu)\.test\.tsx?$/.test(name))) missing.push('*.test.ts');
  if (!inside.some((name) => name.endsWith('.gpu.test.ts'))) missing.push('*.gpu.test.ts');
  for (const role of missing) yield { rule: 'folder-role', file: folder, line: 1, message: `has no ${role}` };
}

/** Ids of the steps that steps.ts describes: the string values of its `id:` properties. */
function describedSteps(module, text) {
  const ids = [];
  walkTree(module.tree, (node) => {
    if (node.type === 'Property' && (node.key.name ?? node.key.value) === 'id' && typeof node.value.value === 'string')
      ids.push({ id: node.value.value, line: lineAt(text, node.start) });
  });
  return ids;
}

function* checkSteps(files, modules, folder) {
  const stepsFile = `${folder}steps.ts`;
  if (!modules.has(stepsFile)) return;
  const described = describedSteps(modules.get(stepsFile), files.get(stepsFile));
  const kernels = [...files].filter(([path]) => path.startsWith(folder) && path.endsWith('.wgsl'));
  const marked = kernels.flatMap(([file, text]) => stepMarkers(text).map((marker) => ({ ...marker, file })));
  for (const { name, line, file } of marked)
    if (!described.some(({ id }) => id === name))
      yield { rule: 'step-not-described', file, line, message: `marker “${name}” is not in ${stepsFile}` };
  for (const { id, line } of described)
    if (!marked.some(({ name }) => name === id))
      yield {
        rule: 'step-not-marked',
        file: stepsFile,
        line,
        message: `step “${id}” is marked in no kernel of this folder`,
      };
}

function* checkRegistered(modules, folder, name) {
  const imported = modules.get('gpu/mechanisms/registry.ts')?.imports ?? [];
  if (!imported.some(({ specifier }) => specifier.includes(`/${name}/`)))
    yield { rule: 'not-registered', file: folder, line: 1, message: 'gpu/mechanisms/registry.ts does not name it' };
}

function* checkView(files, folder, name) {
  const view = `app/mechanisms/${name}/`;
  const inside = insideOf(files, view);
  if (inside.length === 0) {
    yield { rule: 'mechanism-without-view', file: folder, line: 1, message: `has no view in ${view}` };
    return;
  }
  if (!inside.some((path) => EXHIBIT.test(path)))
    yield { rule: 'folder-role', file: view, line: 1, message: 'has no exhibit.ts' };
}

export function* checkFolders(files, modules) {
  for (const parent of ['gpu/mechanisms/', 'gpu/primitives/'])
    for (const name of foldersIn(files, parent)) {
      const folder = `${parent}${name}/`;
      yield* checkRoles(files, folder);
      yield* checkSteps(files, modules, folder);
      yield* checkRegistered(modules, folder, name);
      if (parent === 'gpu/mechanisms/') yield* checkView(files, folder, name);
    }
  for (const name of foldersIn(files, 'app/mechanisms/'))
    if (!foldersIn(files, 'gpu/mechanisms/').includes(name))
      yield {
        rule: 'view-without-mechanism',
        file: `app/mechanisms/${name}/`,
        line: 1,
        message: `draws no mechanism of gpu/mechanisms/`,
      };
}
