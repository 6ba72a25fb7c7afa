// The allow-list of docs/ARCHITECTURE.md: which folder may import which. What is not listed is forbidden. gpu/cost and gpu/serving have
// their rules before their first file.

import { parseModule, resolveSpecifier } from './module-imports.mjs';
import { isTestCode } from './source-files.mjs';

const CONTRACT = 'gpu/mechanisms/mechanism.ts';
const REGISTRIES = ['gpu/mechanisms/registry.ts', 'gpu/mechanisms/all.ts', 'gpu/model/registry.ts', 'gpu/model/all.ts'];
const PURE = ['gpu/core/', 'gpu/wgsl/', 'gpu/plan/', 'gpu/trace/', 'gpu/cost/'];
const ENGINE_PACKAGES = ['zod', 'fflate', 'pure-rand'];
const PAGE_PACKAGES = [
  'react',
  'react-dom',
  'zustand',
  'zod',
  'fflate',
  'd3-array',
  /^@fontsource-variable\//,
  /^@codemirror\//,
  /^@lezer\//,
];

/**
 * First match wins. `may`: paths it may import in any way; `types`: paths it may import types from; `packages`: npm packages.
 * `$1` stands for the first group of `from`: a folder may import itself and not its siblings.
 */
const ZONES = [
  { from: /^gpu\/core\//, may: ['gpu/core/'], packages: ENGINE_PACKAGES },
  {
    from: /^gpu\/wgsl\//,
    may: ['gpu/core/', 'gpu/wgsl/'],
    types: ['gpu/trace/', 'gpu/plan/'],
    packages: ['wesl'],
  },
  { from: /^gpu\/plan\//, may: ['gpu/core/', 'gpu/wgsl/', 'gpu/plan/'], types: [CONTRACT], packages: [] },
  {
    from: /^gpu\/trace\//,
    // The layout of the recorder's buffer is what its writer (wgsl) and its reader (trace) agree on.
    may: ['gpu/core/', 'gpu/trace/', 'gpu/wgsl/recorder-layout.ts'],
    types: ['gpu/wgsl/', 'gpu/plan/'],
    packages: ['fflate'],
  },
  { from: /^gpu\/cost\//, may: PURE, types: [CONTRACT], packages: [] },
  { from: /^gpu\/primitives\//, may: [...PURE, 'gpu/primitives/', CONTRACT], packages: ENGINE_PACKAGES },
  { from: /^gpu\/mechanisms\/mechanism\.ts$/, may: [], types: PURE, packages: ['zod'] },
  { from: /^gpu\/mechanisms\/(registry|all)\.ts$/, may: ['gpu/mechanisms/', 'gpu/primitives/'], packages: [] },
  {
    from: /^gpu\/mechanisms\/([^/]+)\//,
    may: [...PURE, 'gpu/primitives/', CONTRACT, 'gpu/mechanisms/$1/'],
    packages: ENGINE_PACKAGES,
  },
  {
    from: /^gpu\/model\//,
    may: [...PURE, 'gpu/primitives/', 'gpu/mechanisms/', 'gpu/model/'],
    types: ['gpu/runtime/api.ts'],
    packages: ENGINE_PACKAGES,
  },
  { from: /^gpu\/serving\//, may: ['gpu/core/', 'gpu/serving/'], packages: ENGINE_PACKAGES },
  {
    from: /^gpu\/runtime\//,
    may: [...PURE, 'gpu/runtime/', CONTRACT, ...REGISTRIES],
    types: ['gpu/model/model.ts'],
    packages: [],
  },
  { from: /^gpu\/index\.ts$/, may: ['gpu/'], packages: [] },
  { from: /^app\/mechanisms\/view\.ts$/, may: [], types: ['gpu/', 'app/marks/sliced.ts'], packages: ['react'] },
  { from: /^app\/mechanisms\/[^/]+\.tsx?$/, may: ['app/mechanisms/'], types: ['gpu/'], packages: ['react'] },
  {
    from: /^app\/mechanisms\/([^/]+)\//,
    may: [...PURE, 'gpu/mechanisms/$1/', 'app/marks/', 'app/glossary/', 'app/mechanisms/$1/', 'app/mechanisms/view.ts'],
    types: ['gpu/'],
    packages: PAGE_PACKAGES.filter((name) => name !== 'zustand'),
  },
  // A term's card is the shell's pop-over and leads to where the page draws the term; nothing else is in reach.
  {
    from: /^app\/glossary\//,
    may: ['app/glossary/', 'app/shell/Popover.tsx', 'app/state/page.ts'],
    types: ['app/mechanisms/view.ts'],
    packages: PAGE_PACKAGES,
  },
  {
    from: /^app\/marks\//,
    may: ['gpu/core/', 'gpu/trace/', 'gpu/wgsl/bake.ts', 'gpu/wgsl/comments.ts', 'app/marks/', 'app/glossary/'],
    types: ['gpu/', 'app/mechanisms/view.ts'],
    packages: PAGE_PACKAGES.filter((name) => name !== 'zustand'),
  },
  {
    from: /^app\/state\/run-controller\.ts$/,
    may: ['gpu/', 'app/state/', 'app/mechanisms/registry.ts'],
    types: ['app/'],
    packages: PAGE_PACKAGES,
  },
  {
    from: /^app\/state\//,
    // The parity worker compares outputs off the page's thread and fills the parity panel's facts; a view's indexes are made in slices.
    may: [...PURE, 'gpu/mechanisms/', 'gpu/model/', 'app/state/', 'app/marks/parity-facts.ts', 'app/marks/sliced.ts'],
    types: ['gpu/', 'app/'],
    packages: PAGE_PACKAGES,
  },
  {
    from: /^app\//,
    may: [...PURE, ...REGISTRIES, 'gpu/model/', 'app/'],
    types: ['gpu/'],
    packages: PAGE_PACKAGES,
  },
];

const TEST_PACKAGES = ['vitest', 'fast-check', 'wgsl_reflect'];
const RUNTIME_VALUES = /^gpu\/runtime\//;

const covers = (entry, target) => (entry.endsWith('/') ? target.startsWith(entry) : target === entry);

function isAllowed(zone, match, target, typeOnly) {
  if (target.startsWith('npm:')) {
    const name = target.slice(4);
    return zone.packages.some((allowed) => (typeof allowed === 'string' ? allowed === name : allowed.test(name)));
  }
  const paths = [...zone.may, ...(typeOnly ? (zone.types ?? []) : [])];
  return paths.some((entry) => covers(entry.replace('$1', match[1] ?? ''), target));
}

function* checkOne(path, { specifier, line, typeOnly }, files) {
  const target = resolveSpecifier(path, specifier);
  const report = (rule, message) => ({ rule, file: path, line, message });
  if (specifier === '(computed)') {
    yield report('import-computed', 'a dynamic import whose address is computed cannot be checked');
    return;
  }
  if (
    /^(gpu|app)\//.test(target) &&
    !target.endsWith('/') &&
    !files.has(target) &&
    !/\.(json|svg|png|woff2?|bin|rec)$/.test(target)
  )
    yield report('import-missing', `${specifier} stands for ${target}, which does not exist`);

  if (isTestCode(path)) {
    if (path.startsWith('gpu/') && target.startsWith('app/'))
      yield report('import-layer', `gpu/ knows nothing of app/, its tests included: ${specifier}`);
    return;
  }
  if (isTestCode(target)) {
    yield report('import-test-code', `${target} is test code; only tests import it`);
    return;
  }
  if (target.startsWith('npm:') && TEST_PACKAGES.includes(target.slice(4))) {
    yield report('import-test-code', `${target.slice(4)} is for tests only`);
    return;
  }
  if (!/^(gpu|app)\//.test(path)) return;
  if (path.startsWith('app/') && RUNTIME_VALUES.test(target) && !typeOnly && path !== 'app/state/run-controller.ts') {
    yield report('import-runtime', `only app/state/run-controller.ts calls the runtime (types are free): ${specifier}`);
    return;
  }
  const zone = ZONES.find(({ from }) => from.test(path));
  if (!zone) {
    yield report('import-zone', 'this file lies in no zone of the layer table (scripts/layers/import-rules.mjs)');
    return;
  }
  if (!isAllowed(zone, zone.from.exec(path), target, typeOnly))
    yield report(
      'import-layer',
      `may not import ${target.replace(/^npm:/, 'the package ')}${typeOnly ? ' (types)' : ''}`,
    );
}

/** Every import that the allow-list does not name. */
export function* checkImports(files, modules) {
  for (const [path, { imports, errors }] of modules) {
    for (const message of errors) yield { rule: 'syntax', file: path, line: 1, message };
    for (const found of imports) yield* checkOne(path, found, files);
  }
}

/** Import cycles over static imports, types included: a cycle of types is a cycle of ideas. */
export function* checkCycles(modules) {
  const targets = (path) =>
    (modules.get(path)?.imports ?? [])
      .filter(({ lazy }) => !lazy)
      .map(({ specifier }) => resolveSpecifier(path, specifier))
      .filter((target) => modules.has(target));
  const state = new Map();
  const trail = [];
  function* visit(path) {
    state.set(path, 'open');
    trail.push(path);
    for (const target of targets(path)) {
      if (state.get(target) === 'open') {
        const cycle = [...trail.slice(trail.indexOf(target)), target];
        yield { rule: 'import-cycle', file: path, line: 1, message: `import cycle: ${cycle.join(' → ')}` };
      } else if (!state.has(target)) yield* visit(target);
    }
    trail.pop();
    state.set(path, 'done');
  }
  for (const path of modules.keys()) if (!state.has(path)) yield* visit(path);
}

/** @returns {Map<string, ReturnType<typeof parseModule>>} */
export function parseModules(files) {
  const sources = [...files].filter(([path]) => /\.(ts|tsx|mjs)$/.test(path));
  return new Map(sources.map(([path, text]) => [path, parseModule(path, text)]));
}
