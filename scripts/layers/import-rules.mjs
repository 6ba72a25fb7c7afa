// The allow-list of docs/ARCHITECTURE.md: which room may import which. What is not listed is forbidden. gpu/serving and gpu/generation have
// their rules before their first file.

import { parseModule, resolveSpecifier } from './module-imports.mjs';
import { isTestCode } from './source-files.mjs';

const CONTRACT = 'gpu/mechanisms/mechanism.ts';
const REGISTRIES = [
  'gpu/mechanisms/registry.ts',
  'gpu/mechanisms/cards.ts',
  'gpu/mechanisms/all.ts',
  'gpu/model/registry.ts',
  'gpu/model/all.ts',
];
/** What a mechanism is made of: it never sees the parser, the recorder or the device. */
const MATERIAL = ['gpu/core/', 'gpu/wgsl/text/', 'gpu/plan/'];
const ENGINE_PACKAGES = ['zod', 'fflate', 'pure-rand'];
const PAGE_PACKAGES = [
  'react',
  'react-dom',
  'zod',
  'fflate',
  'd3-array',
  /^@fontsource-variable\//,
  /^@codemirror\//,
  /^@lezer\//,
];
const STORE_PACKAGES = [...PAGE_PACKAGES, 'zustand'];

/** Rooms of the page that know no store, from the lowest up: each may import itself and those before it. */
const DRAWING = ['app/words/', 'app/parts/', 'app/pens/', 'app/exhibit/', 'app/glossary/'];
/** Rooms of app/state, from the lowest up. */
const STATE = [
  'app/state/stores/',
  'app/state/recordings/',
  'app/state/run/',
  'app/state/beside/',
  'app/state/run-controller.ts',
  'app/state/page-context.ts',
  'app/state/open-file.ts',
  'app/state/open-tensors.ts',
  'app/state/last-good.ts',
  'app/state/playback/',
  'app/state/link/',
  'app/state/offline.ts',
  'app/state/boot.ts',
];
/** What the page reads of the engine without running it. */
const READ = ['gpu/core/', 'gpu/trace/', 'gpu/wgsl/text/'];

const upTo = (rooms, last) => rooms.slice(0, rooms.indexOf(last) + 1);
const inside = (room) => new RegExp(`^${room.replace(/[.]/g, '\\.')}${room.endsWith('/') ? '' : '$'}`);

/**
 * First match wins. `may`: paths it may import in any way; `types`: paths it may import types from; `packages`: npm packages.
 * `$1` stands for the first group of `from`: a folder may import itself and not its siblings.
 */
const ZONES = [
  { from: /^gpu\/core\//, may: ['gpu/core/'], packages: ENGINE_PACKAGES },
  // Text without a parser: constants, bindings, markers, and what the recorder's writer and its reader agree on.
  { from: /^gpu\/wgsl\/text\//, may: ['gpu/core/', 'gpu/wgsl/text/'], types: ['gpu/trace/'], packages: [] },
  {
    from: /^gpu\/wgsl\/parse\//,
    may: ['gpu/core/', 'gpu/wgsl/text/', 'gpu/wgsl/parse/'],
    types: ['gpu/trace/'],
    packages: ['wesl'],
  },
  {
    from: /^gpu\/wgsl\/guard\//,
    may: ['gpu/core/', 'gpu/wgsl/text/', 'gpu/wgsl/parse/', 'gpu/wgsl/guard/'],
    packages: ['wesl'],
  },
  { from: /^gpu\/wgsl\/recorder\//, may: ['gpu/core/', 'gpu/wgsl/'], types: ['gpu/trace/'], packages: ['wesl'] },
  { from: /^gpu\/plan\//, may: ['gpu/core/', 'gpu/wgsl/text/', 'gpu/plan/'], types: [CONTRACT], packages: [] },
  {
    from: /^gpu\/trace\//,
    may: ['gpu/core/', 'gpu/trace/', 'gpu/wgsl/text/recorder-layout.ts', 'gpu/wgsl/text/markers.ts'],
    types: ['gpu/wgsl/text/', 'gpu/plan/'],
    packages: ['fflate'],
  },
  // What a list shows, without the code behind it.
  { from: /^gpu\/(mechanisms|primitives)\/[^/]+\/card\.ts$/, may: [], types: [CONTRACT], packages: [] },
  { from: /^gpu\/define\//, may: [...MATERIAL, 'gpu/define/', CONTRACT], packages: ENGINE_PACKAGES },
  {
    from: /^gpu\/primitives\//,
    may: [...MATERIAL, 'gpu/define/', 'gpu/primitives/', CONTRACT],
    packages: ENGINE_PACKAGES,
  },
  { from: /^gpu\/mechanisms\/mechanism\.ts$/, may: [], types: MATERIAL, packages: ['zod'] },
  // A block of a stack is run by itself like any other mechanism.
  {
    from: /^gpu\/mechanisms\/(registry|cards|all)\.ts$/,
    may: ['gpu/mechanisms/', 'gpu/primitives/', 'gpu/model/block/'],
    packages: [],
  },
  {
    from: /^gpu\/mechanisms\/([^/]+)\//,
    may: [...MATERIAL, 'gpu/define/', 'gpu/primitives/', CONTRACT, 'gpu/mechanisms/$1/'],
    packages: ENGINE_PACKAGES,
  },
  {
    from: /^gpu\/model\//,
    may: [...MATERIAL, 'gpu/define/', 'gpu/primitives/', 'gpu/mechanisms/', 'gpu/model/'],
    types: ['gpu/runtime/api.ts'],
    packages: ENGINE_PACKAGES,
  },
  { from: /^gpu\/serving\//, may: ['gpu/core/', 'gpu/serving/'], packages: ENGINE_PACKAGES },
  { from: /^gpu\/generation\//, may: ['gpu/core/', 'gpu/generation/'], packages: ENGINE_PACKAGES },
  { from: /^gpu\/runtime\/api\.ts$/, may: [], types: ['gpu/core/', 'gpu/trace/', 'gpu/plan/'], packages: [] },
  {
    from: /^gpu\/runtime\/device\//,
    may: ['gpu/core/', 'gpu/runtime/device/'],
    types: ['gpu/plan/', 'gpu/wgsl/text/', 'gpu/runtime/api.ts'],
    packages: [],
  },
  {
    from: /^gpu\/runtime\/call\//,
    may: ['gpu/core/', 'gpu/runtime/call/'],
    types: ['gpu/runtime/api.ts'],
    packages: [],
  },
  {
    from: /^gpu\/runtime\/run\//,
    may: [
      'gpu/core/',
      'gpu/wgsl/',
      'gpu/plan/',
      'gpu/trace/',
      'gpu/runtime/device/',
      'gpu/runtime/call/',
      'gpu/runtime/run/',
    ],
    types: [CONTRACT, 'gpu/model/model.ts', 'gpu/runtime/api.ts'],
    packages: [],
  },
  {
    from: /^gpu\/runtime\/foreign\//,
    may: [
      ...MATERIAL,
      'gpu/wgsl/parse/',
      'gpu/runtime/device/',
      'gpu/runtime/call/',
      'gpu/runtime/run/',
      'gpu/runtime/foreign/',
    ],
    types: [CONTRACT, 'gpu/runtime/api.ts'],
    packages: [],
  },
  {
    from: /^gpu\/runtime\/measure\//,
    may: [
      ...MATERIAL,
      'gpu/runtime/device/',
      'gpu/runtime/call/',
      'gpu/runtime/run/',
      'gpu/runtime/foreign/',
      'gpu/runtime/measure/',
      ...REGISTRIES,
    ],
    types: [CONTRACT, 'gpu/runtime/api.ts'],
    packages: [],
  },
  {
    from: /^gpu\/runtime\/engine\.ts$/,
    may: ['gpu/core/', ...REGISTRIES, 'gpu/runtime/'],
    types: [CONTRACT, 'gpu/model/model.ts'],
    packages: [],
  },
  {
    from: /^gpu\/runtime\/worker\//,
    may: [
      'gpu/core/',
      'gpu/trace/',
      'gpu/runtime/device/',
      'gpu/runtime/call/',
      'gpu/runtime/worker/',
      'gpu/runtime/engine.ts',
    ],
    types: ['gpu/runtime/api.ts'],
    packages: [],
  },
  { from: /^gpu\/index\.ts$/, may: ['gpu/'], packages: [] },
  ...DRAWING.map((room) => ({
    from: inside(room),
    may: [...READ, ...upTo(DRAWING, room)],
    types: ['gpu/'],
    packages: PAGE_PACKAGES,
  })),
  // What exhibits run beside a recording, and how it is shown: they find other mechanisms by the registry, and are handed an engine.
  {
    from: /^app\/studies\//,
    may: [
      ...READ,
      'gpu/mechanisms/registry.ts',
      'gpu/mechanisms/cards.ts',
      ...DRAWING,
      'app/pictures/',
      'app/studies/',
    ],
    types: ['gpu/'],
    packages: PAGE_PACKAGES,
  },
  // No kind of picture imports another.
  {
    from: /^app\/pictures\/([^/]+)\//,
    may: [...READ, ...DRAWING, 'app/pictures/$1/'],
    types: ['gpu/'],
    packages: PAGE_PACKAGES,
  },
  { from: /^app\/numbers\//, may: [...READ, ...DRAWING, 'app/numbers/'], types: ['gpu/'], packages: PAGE_PACKAGES },
  // Finds exhibits by their folder.
  { from: /^app\/mechanisms\/[^/]+\.tsx?$/, may: ['app/mechanisms/', 'app/exhibit/'], types: ['gpu/'], packages: [] },
  {
    from: /^app\/mechanisms\/([^/]+)\//,
    may: [
      ...READ,
      'gpu/plan/',
      'gpu/mechanisms/$1/',
      ...DRAWING,
      'app/pictures/',
      'app/studies/',
      'app/mechanisms/$1/',
    ],
    types: ['gpu/'],
    packages: PAGE_PACKAGES,
  },
  ...STATE.map((room) => ({
    from: inside(room),
    may: [
      ...READ,
      'gpu/plan/',
      'gpu/model/',
      'gpu/generation/',
      'gpu/mechanisms/registry.ts',
      'gpu/mechanisms/cards.ts',
      'gpu/mechanisms/all.ts',
      'app/words/',
      'app/exhibit/',
      ...upTo(STATE, room),
      ...(room === 'app/state/run/' ? ['gpu/runtime/'] : []),
    ],
    types: ['gpu/', 'app/service-worker/messages.ts'],
    packages: STORE_PACKAGES,
  })),
  // The place where models are built: loaded when it is opened, with the code of the blocks.
  {
    from: /^app\/models\//,
    may: [...READ, 'gpu/model/', ...DRAWING, 'app/state/', 'app/models/'],
    types: ['gpu/'],
    packages: STORE_PACKAGES,
  },
  // Runs without the page.
  { from: /^app\/service-worker\//, may: ['app/service-worker/'], packages: [] },
  {
    from: /^app\/gallery\//,
    may: [...READ, ...REGISTRIES, ...DRAWING, 'app/state/', 'app/gallery/'],
    types: ['gpu/'],
    packages: PAGE_PACKAGES,
  },
  {
    from: /^app\/shell\//,
    may: [
      ...READ,
      'gpu/plan/',
      'gpu/model/',
      ...REGISTRIES,
      ...DRAWING,
      'app/pictures/',
      'app/numbers/',
      'app/state/',
      'app/gallery/',
      'app/shell/',
    ],
    types: ['gpu/'],
    packages: PAGE_PACKAGES,
  },
  { from: /^app\/(main|App)\.tsx$/, may: ['app/'], types: [], packages: PAGE_PACKAGES },
];

const TEST_PACKAGES = ['vitest', 'fast-check', 'wgsl_reflect'];
const RUNTIME_VALUES = /^gpu\/runtime\//;
const MAY_OBTAIN_ENGINE = 'app/state/run/';

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
  if (path.startsWith('app/') && RUNTIME_VALUES.test(target) && !typeOnly && !path.startsWith(MAY_OBTAIN_ENGINE)) {
    yield report('import-runtime', `only app/state/run obtains an engine (types are free): ${specifier}`);
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
