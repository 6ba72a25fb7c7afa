// Every folder of a mechanism or primitive has what its exports say it owes, is registered, and describes every step its kernels mark;
// every mechanism has a view.

import { stepMarkers } from './kernel-rules.mjs';
import { walkTree } from './module-imports.mjs';
import { isTestCode, lineAt } from './source-files.mjs';

/** What a mechanism planned by hand exports, by any name that says so. A described one has all but these in its description. */
const HAND_MADE = [/^card$/, /plan/i, /reference/i, /cost/i, /steps$/i];
const DESCRIBED = [/^card$/, /reference/i];
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

const modulesOf = (modules, folder) =>
  [...modules]
    .filter(([path]) => path.startsWith(folder) && !isTestCode(path))
    .map(([path, module]) => ({ path, module }));

/** Names that a module exports, and how each is made: by a call of a function, or with a type. */
function exportsOf({ tree }) {
  return tree.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const renamed = statement.specifiers.map(({ exported }) => ({ name: exported.name }));
    const declared = (statement.declaration?.declarations ?? [statement.declaration]).flatMap((each) =>
      each?.id?.name
        ? [
            {
              name: each.id.name,
              call: each.init?.callee?.name,
              type: each.id.typeAnnotation?.typeAnnotation?.typeName?.name,
            },
          ]
        : [],
    );
    return [...renamed, ...declared];
  });
}

/** Whether a test of the folder calls `holds` on one of these. */
function isHeld(modules, folder, names) {
  const tests = [...modules].filter(([path]) => path.startsWith(folder) && path.endsWith('.gpu.test.ts'));
  return tests.some(([, { tree }]) => {
    let held = false;
    walkTree(tree, (node) => {
      if (node.type === 'CallExpression' && node.callee.name === 'holds')
        held ||= names.includes(node.arguments[0]?.name);
    });
    return held;
  });
}

/** Whether what it describes imports other primitives, whose kernels it then has. */
const consistsOfOthers = (modules, folder) =>
  modulesOf(modules, folder).some(
    ({ module }) =>
      exportsOf(module).some(({ call }) => call === 'defineMechanism') &&
      module.imports.some(({ specifier }) => /^\.\.\/(?:\.\.\/primitives\/)?([^/.]+)\/\1\.ts$/.test(specifier)),
  );

/** A folder owes what its exports say it is: a described mechanism (made by defineMechanism), or one planned by hand. */
function* checkRoles(files, modules, folder) {
  const exported = modulesOf(modules, folder).flatMap(({ module }) => exportsOf(module));
  const described = exported.filter(({ call }) => call === 'defineMechanism').map(({ name }) => name);
  const isHandMade = exported.some(({ type }) => type === 'Mechanism');
  const inside = insideOf(files, folder);
  const missing = (described.length > 0 ? DESCRIBED : HAND_MADE)
    .filter((role) => !exported.some(({ name }) => role.test(name)))
    .map((role) => `export named ${role}`);
  if (described.length === 0 && !isHandMade) missing.push('export made by defineMechanism, or of the type Mechanism');
  if (!inside.includes('README.md')) missing.push('README.md');
  const ownsKernels = inside.some((name) => name.endsWith('.wgsl'));
  if (!ownsKernels && !(described.length > 0 && consistsOfOthers(modules, folder))) missing.push('*.wgsl');
  if (!inside.some((name) => /(?<!\.gpu)\.test\.tsx?$/.test(name))) missing.push('*.test.ts');
  if (described.length > 0 && !isHeld(modules, folder, described))
    missing.push(`*.gpu.test.ts that calls holds(${described[0]})`);
  if (!inside.some((name) => name.endsWith('.gpu.test.ts'))) missing.push('*.gpu.test.ts');
  for (const role of missing) yield { rule: 'folder-role', file: folder, line: 1, message: `has no ${role}` };
}

/** Steps of a mechanism planned by hand: the string values of `id:` in what it exports as steps. `holds` looks at those of a described one. */
function describedSteps(module, text) {
  const ids = [];
  walkTree(module.tree, (node) => {
    if (node.type === 'Property' && (node.key.name ?? node.key.value) === 'id' && typeof node.value.value === 'string')
      ids.push({ id: node.value.value, line: lineAt(text, node.start) });
  });
  return ids;
}

function* checkSteps(files, modules, folder) {
  const found = modulesOf(modules, folder).find(({ module }) =>
    exportsOf(module).some(({ name }) => /steps$/i.test(name)),
  );
  if (!found) return;
  const { path: stepsFile, module } = found;
  const described = describedSteps(module, files.get(stepsFile));
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
      yield* checkRoles(files, modules, folder);
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
