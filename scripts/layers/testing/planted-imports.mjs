// Test code: violations of the laws on who imports whom: rows of check-layers.test.mjs.

import { HAND_MADE, within } from './clean-tree.mjs';

const COPY = 'gpu/mechanisms/copy';

/** [what is planted, rule that must report it, file it must name, files added or replaced, files removed, files one of which will do] */
export const PLANTED_IMPORTS = [
  [
    'the engine importing the page',
    'import-layer',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': "import { run } from '../../app/state/run/open-engine.ts';\nrun();\n" },
  ],
  [
    'the engine importing React',
    'import-layer',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': "import {\n  useState,\n} from 'react';\nuseState();\n" },
  ],
  [
    'the engine importing zustand for types',
    'import-layer',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': "import type { Store } from 'zustand';\nexport type A = Store;\n" },
  ],
  [
    'the engine loading d3 lazily',
    'import-layer',
    'gpu/trace/a.ts',
    { 'gpu/trace/a.ts': "export const load = () => import('d3-scale');\n" },
  ],
  [
    'a mechanism importing another',
    'import-layer',
    `${COPY}/cost.ts`,
    {
      [`${COPY}/cost.ts`]: "export { plan } from '../other/plan.ts';\n",
      ...within('gpu/mechanisms/other', HAND_MADE),
    },
  ],
  [
    'a mechanism importing the runtime',
    'import-layer',
    `${COPY}/cost.ts`,
    { [`${COPY}/cost.ts`]: "import { open } from '../../runtime/device/device.ts';\nopen();\n" },
  ],
  [
    'a view importing another mechanism',
    'import-layer',
    'app/mechanisms/copy/scene.ts',
    {
      'app/mechanisms/copy/scene.ts': "export * from '#gpu/mechanisms/other/plan.ts';\n",
      ...within('gpu/mechanisms/other', HAND_MADE),
    },
  ],
  [
    'a view using a store',
    'import-layer',
    'app/mechanisms/copy/scene.ts',
    { 'app/mechanisms/copy/scene.ts': "export * from '../../state/stores/config-store.ts';\n" },
  ],
  [
    'the service worker using a store',
    'import-layer',
    'app/service-worker/kept-files.ts',
    { 'app/service-worker/kept-files.ts': "export * from '../state/stores/config-store.ts';\n" },
  ],
  [
    'a view calling the runtime',
    'import-runtime',
    'app/mechanisms/copy/exhibit.tsx',
    { 'app/mechanisms/copy/exhibit.tsx': "import { open } from '#gpu/runtime/device/device.ts';\nopen();\n" },
  ],
  [
    'a store loading the runtime lazily',
    'import-runtime',
    'app/state/stores/config-store.ts',
    { 'app/state/stores/config-store.ts': "export const load = () => import('#gpu/runtime/device/device.ts');\n" },
  ],
  [
    'a value import hidden behind a type import',
    'import-runtime',
    'app/main.tsx',
    {
      'app/main.tsx':
        "import { type open, open as start } from '#gpu/runtime/device/device.ts';\nexport type A = typeof open;\nstart();\n",
    },
  ],
  [
    'a file in no zone',
    'import-zone',
    'gpu/stray.ts',
    { 'gpu/stray.ts': "import type { Tensor } from './core/tensor.ts';\nexport type A = Tensor;\n" },
  ],
  ['an import of nothing', 'import-missing', 'gpu/core/a.ts', { 'gpu/core/a.ts': "import './gone.ts';\n" }],
  [
    'a computed dynamic import',
    'import-computed',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': 'export const load = (name: string) => import(name);\n' },
  ],
  [
    'an import by pattern out of its layer',
    'import-layer',
    'app/mechanisms/copy/scene.ts',
    { 'app/mechanisms/copy/scene.ts': "export const all = import.meta.glob('../../state/stores/*.ts');\n" },
  ],
  [
    'test code in the product',
    'import-test-code',
    'gpu/core/a.ts',
    { 'gpu/core/a.ts': "import { it } from 'vitest';\nit('', () => {});\n" },
  ],
  [
    'a testing folder in the product',
    'import-test-code',
    'gpu/core/a.ts',
    {
      'gpu/core/a.ts': "export * from './testing/poison.ts';\n",
      'gpu/core/testing/poison.ts': 'export const poison = 1;\n',
    },
  ],
  [
    'an import cycle through types',
    'import-cycle',
    'gpu/core/b.ts',
    {
      'gpu/core/a.ts': "import type { B } from './b.ts';\nexport type A = B;\n",
      'gpu/core/b.ts': "export * from './c.ts';\nexport type B = 1;\n",
      'gpu/core/c.ts': "export type { A } from './a.ts';\n",
    },
    [],
    ['gpu/core/a.ts', 'gpu/core/c.ts'],
  ],
  [
    'a component with a store library of its own',
    'import-layer',
    'app/shell/a.tsx',
    {
      'app/shell/a.tsx':
        "import { createStore } from 'zustand/vanilla';\nexport const own = createStore(() => ({}));\n",
    },
  ],
  [
    'a kind of picture importing another',
    'import-layer',
    'app/pictures/strips/strips.ts',
    {
      'app/pictures/heat/heat.ts': 'export const heat = 1;\n',
      'app/pictures/strips/strips.ts': "export { heat } from '../heat/heat.ts';\n",
    },
  ],
  [
    'a kind of picture knowing the types of another',
    'import-layer',
    'app/pictures/strips/strips.ts',
    {
      'app/pictures/heat/heat.ts': 'export type Heat = 1;\n',
      'app/pictures/strips/strips.ts': "import type { Heat } from '../heat/heat.ts';\nexport type A = Heat;\n",
    },
  ],
  [
    'a kind of picture that shows one study',
    'import-layer',
    'app/pictures/plot/plot.ts',
    {
      'app/studies/sweep.ts': 'export const sweep = 1;\n',
      'app/pictures/plot/plot.ts': "export { sweep } from '../../studies/sweep.ts';\n",
    },
  ],
  [
    'a study using a store',
    'import-layer',
    'app/studies/sweep.ts',
    { 'app/studies/sweep.ts': "export * from '../state/stores/config-store.ts';\n" },
  ],
  [
    'a study bringing an exhibit with it',
    'import-layer',
    'app/studies/sweep.ts',
    { 'app/studies/sweep.ts': "export * from '../mechanisms/copy/exhibit.tsx';\n" },
  ],
];
