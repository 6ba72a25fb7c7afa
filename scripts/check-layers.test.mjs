// A checker that finds nothing looks like a clean project. Here a small clean tree passes, then one violation of every rule is planted
// in it, one at a time, and each must be reported with its rule and its file.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLayers } from './check-layers.mjs';
import { CLEAN, HAND_MADE, HELD, KERNEL, within } from './layers/testing/clean-tree.mjs';
import { PLANTED_BUDGET } from './layers/testing/planted-budget.mjs';
import { PLANTED_DOCUMENTS } from './layers/testing/planted-documents.mjs';
import { PLANTED_IMPORTS } from './layers/testing/planted-imports.mjs';
import { PLANTED_LISTS } from './layers/testing/planted-lists.mjs';
import { PLANTED_REPEATS } from './layers/testing/planted-repeats.mjs';

const SCRIPTS = dirname(fileURLToPath(import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'layers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const COPY = 'gpu/mechanisms/copy';
const SCALE = 'gpu/primitives/scale';
const COPY_KERNEL = `${COPY}/copy.wgsl`;
const kernelWith = (from, to) => ({ [COPY_KERNEL]: KERNEL.replace(from, to) });
const lines = (count) => 'export {};\n'.repeat(count);

/** [what is planted, rule that must report it, file it must name, files added or replaced, files removed] */
const PLANTED = [
  ...PLANTED_LISTS,
  ...PLANTED_BUDGET,
  ...PLANTED_DOCUMENTS,
  ...PLANTED_IMPORTS,
  ...PLANTED_REPEATS,
  ['broken syntax', 'syntax', 'gpu/core/a.ts', { 'gpu/core/a.ts': 'export const = 1;\n' }],
  [
    'the engine naming window',
    'engine-page-global',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': 'export const wide = () => window.innerWidth;\n' },
  ],
  [
    'the engine naming document',
    'engine-page-global',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': 'export const title = document.title;\n' },
  ],
  [
    'a mechanism naming GPUDevice',
    'device-outside-runtime',
    `${COPY}/plan.ts`,
    { [`${COPY}/plan.ts`]: 'export const plan = (device: GPUDevice) => device.label;\n' },
  ],
  [
    'the page asking navigator.gpu',
    'device-outside-runtime',
    'app/main.tsx',
    { 'app/main.tsx': 'export const has = Boolean(navigator.gpu);\n' },
  ],
  [
    'Math.random in the engine',
    'engine-clock',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': 'export const seed = Math.random();\n' },
  ],
  ['Date.now in the engine', 'engine-clock', 'gpu/plan/a.ts', { 'gpu/plan/a.ts': 'export const now = Date.now();\n' }],
  [
    'performance.now outside the clock',
    'engine-clock',
    'gpu/runtime/run/a.ts',
    { 'gpu/runtime/run/a.ts': 'export const now = performance.now();\n' },
  ],
  [
    'a picture that reads a setting',
    'picture-config',
    'app/pictures/strips/strips.ts',
    { 'app/pictures/strips/strips.ts': 'export const rows = (run: { config: { n: number } }) => run.config.n;\n' },
  ],
  [
    'the reader of foreign kernels reaching into the recorder',
    'import-layer',
    'gpu/runtime/foreign/a.ts',
    {
      'gpu/runtime/foreign/a.ts':
        "import { instrument } from '../../wgsl/recorder/instrument.ts';\nexport const text = instrument;\n",
    },
  ],
  [
    'a picture that takes the settings apart',
    'picture-config',
    'app/pictures/strips/strips.ts',
    { 'app/pictures/strips/strips.ts': 'export const rows = ({ config }: { config: { n: number } }) => config;\n' },
  ],
  [
    'a component querying the document',
    'page-query',
    'app/main.tsx',
    { 'app/main.tsx': "export const found = document.querySelector('main');\n" },
  ],
  [
    'a component writing a store',
    'store-written-outside',
    'app/main.tsx',
    { 'app/main.tsx': 'export const close = (session) => session.setState({ notices: [] });\n' },
  ],
  [
    'a picture that hands a store’s setter on',
    'store-written-outside',
    'app/pictures/a.tsx',
    { 'app/pictures/a.tsx': "export const set = (page) => page.cursor['setState'];\n" },
  ],
  [
    'a component writing a store under another name',
    'store-written-outside',
    'app/shell/a.tsx',
    { 'app/shell/a.tsx': 'export function close(store) {\n  const s = store;\n  s.setState({ notices: [] });\n}\n' },
  ],
  [
    'a component taking the setter out of a store',
    'store-written-outside',
    'app/shell/a.tsx',
    { 'app/shell/a.tsx': 'export const close = ({ setState: put }) => put({ notices: [] });\n' },
  ],
  [
    'keys squeezed into a line by a spread',
    'literal-spread',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': 'export const at = (x: number) => ({ ...{ x, y: 0 }, z: 1 });\n' },
  ],
  [
    'items squeezed into a line by a spread',
    'literal-spread',
    'app/main.tsx',
    { 'app/main.tsx': 'export const all = (x: number) => [...[x, x], x];\n' },
  ],
  [
    'a test switched off',
    'test-switched-off',
    `${COPY}/copy.test.ts`,
    { [`${COPY}/copy.test.ts`]: "import { it } from 'vitest';\nit.skip('copies', () => {});\n" },
  ],
  ['a long module', 'file-too-long', 'gpu/core/a.ts', { 'gpu/core/a.ts': lines(401) }],
  ['a long kernel', 'file-too-long', COPY_KERNEL, { [COPY_KERNEL]: KERNEL + '// more\n'.repeat(200) }],
  ['a name that says nothing', 'name-says-nothing', 'gpu/core/utils.ts', { 'gpu/core/utils.ts': 'export {};\n' }],
  ['a folder name that says nothing', 'name-says-nothing', 'app/common/a.ts', { 'app/common/a.ts': 'export {};\n' }],
  [
    'work left for later',
    'left-for-later',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': `// ${'TO'}${'DO'} finish\nexport {};\n` },
  ],
  ['a kernel without a head', 'kernel-head', COPY_KERNEL, kernelWith(/^\/\/.*\n/, '\n')],
  [
    'eight storage buffers',
    'kernel-storage-buffers',
    COPY_KERNEL,
    {
      [COPY_KERNEL]:
        KERNEL +
        [3, 4, 5, 6, 7, 8]
          .map((n) => `@group(0) @binding(${n}) var<storage, read> b${n}: array<f32>; // more\n`)
          .join(''),
    },
  ],
  [
    'a barrier that shares its line',
    'kernel-barrier-alone',
    COPY_KERNEL,
    kernelWith('workgroupBarrier();', 'workgroupBarrier(); let z = 1u;'),
  ],
  ['an unexplained binding', 'kernel-uncommented', COPY_KERNEL, kernelWith(' // input, [n]', '')],
  [
    'an unexplained constant',
    'kernel-uncommented',
    COPY_KERNEL,
    kernelWith('struct Params', 'const MORE: u32 = 1u;\nstruct Params'),
  ],
  [
    'a binding in another group',
    'kernel-group',
    COPY_KERNEL,
    kernelWith('@group(0) @binding(2)', '@group(1) @binding(2)'),
  ],
  [
    'a marker behind code',
    'kernel-marker-alone',
    COPY_KERNEL,
    kernelWith('workgroupBarrier();', 'let z = 1u; //: load\n  workgroupBarrier();'),
  ],
  [
    'a speculative load',
    'kernel-speculative-load',
    COPY_KERNEL,
    kernelWith(
      'if (id.x < params.n) { tile[lane] = x[id.x]; }',
      'tile[lane] = select(0.0,\n    x[min(id.x, params.n)], id.x < params.n);',
    ),
  ],
  [
    'a kernel without barrier or marker',
    'kernel-no-step',
    'gpu/primitives/scale/scale.wgsl',
    {
      'gpu/primitives/scale/scale.wgsl': KERNEL.replace(
        /.*\/\/: load\n/,
        '  for (var i = 0u; i < 2u; i++) {}\n',
      ).replace(/.*workgroupBarrier.*\n/, ''),
    },
  ],
  ['a mechanism planned by hand without a reference', 'folder-role', `${COPY}/`, {}, [`${COPY}/reference.ts`]],
  ['a mechanism planned by hand without a cost', 'folder-role', `${COPY}/`, {}, [`${COPY}/cost.ts`]],
  ['a mechanism without a unit test', 'folder-role', `${COPY}/`, {}, [`${COPY}/copy.test.ts`]],
  [
    'a folder that exports no mechanism',
    'folder-role',
    `${COPY}/`,
    { [`${COPY}/index.ts`]: "export { plan } from './plan.ts';\n" },
  ],
  ['a described mechanism without a README', 'folder-role', `${SCALE}/`, {}, [`${SCALE}/README.md`]],
  ['a described mechanism without a card', 'folder-role', `${SCALE}/`, {}, [`${SCALE}/card.ts`]],
  [
    'a described mechanism without a reference of its own',
    'folder-role',
    `${SCALE}/`,
    { [`${SCALE}/reference.ts`]: 'const reference = () => 0;\nreference();\n' },
  ],
  ['a described mechanism without kernels', 'folder-role', `${SCALE}/`, {}, [`${SCALE}/scale.wgsl`]],
  ['a described mechanism that no suite holds', 'folder-role', `${SCALE}/`, {}, [`${SCALE}/scale.gpu.test.ts`]],
  [
    'a suite that holds another mechanism',
    'folder-role',
    `${SCALE}/`,
    { [`${SCALE}/scale.gpu.test.ts`]: HELD.replace('holds(scale)', 'holds({} ?? scale)') },
  ],
  ['pictures without an exhibit', 'folder-role', 'app/mechanisms/copy/', {}, ['app/mechanisms/copy/exhibit.tsx']],
  [
    'a mechanism without a view',
    'mechanism-without-view',
    'gpu/mechanisms/other/',
    within('gpu/mechanisms/other', HAND_MADE),
  ],
  [
    'a view of no mechanism',
    'view-without-mechanism',
    'app/mechanisms/ghost/',
    { 'app/mechanisms/ghost/exhibit.tsx': 'export const View = () => <p />;\n' },
  ],
  [
    'a mechanism nobody registered',
    'not-registered',
    'gpu/mechanisms/other/',
    within('gpu/mechanisms/other', HAND_MADE),
  ],
  ['a marker no step describes', 'step-not-described', COPY_KERNEL, kernelWith('//: load', '//: fetch')],
  [
    'a step no kernel marks',
    'step-not-marked',
    `${COPY}/steps.ts`,
    { [`${COPY}/steps.ts`]: "export const steps = [{ id: 'load' }, { id: 'store' }];\n" },
  ],
];

let trees = 0;
function plantTree(added = {}, removed = []) {
  const folder = join(root, `tree-${trees++}`);
  for (const [path, text] of Object.entries({ ...CLEAN, ...added })) {
    if (removed.includes(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('check-layers', () => {
  it('finds nothing in a clean tree, and sees all of its files', () => {
    const { violations, seen } = checkLayers(plantTree());
    expect(violations).toEqual([]);
    expect(seen).toEqual({ modules: 27, kernels: 2, imports: 22 });
  });

  it.each(PLANTED)('reports %s', (_title, rule, file, added, removed = [], alsoIn = []) => {
    const { violations } = checkLayers(plantTree(added, removed));
    const found = violations.filter((violation) => violation.rule === rule).map((violation) => violation.file);
    expect(
      [file, ...alsoIn].filter((name) => found.includes(name)),
      JSON.stringify(violations),
    ).not.toEqual([]);
  });

  it('has a planted violation for every rule it knows', () => {
    const names = readdirSync(join(SCRIPTS, 'layers')).filter((name) => name.endsWith('.mjs'));
    const sources = names.map((name) => readFileSync(join(SCRIPTS, 'layers', name), 'utf8'));
    const rules = sources.flatMap((text) =>
      [...text.matchAll(/(?:rule: |report\(\s*)'([a-z-]+)'/g)].map(([, rule]) => rule),
    );
    expect([...new Set(rules)].sort()).toEqual([...new Set(PLANTED.map(([, rule]) => rule))].sort());
  });

  it('fails on a tree too small to be the project, and prints what it saw', () => {
    const { status, stdout } = spawnSync(process.execPath, [join(SCRIPTS, 'check-layers.mjs'), plantTree()], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/saw only 27 modules/);
    expect(stdout).toMatch(/0 violations$/m);
  });
});
