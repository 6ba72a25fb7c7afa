// Test code: violations of the laws on what an exhibit may cost, on words of the page in the engine, and on rooms that run nothing: rows of
// check-layers.test.mjs.

const COPY = 'gpu/mechanisms/copy';
const lines = (count) => 'export {};\n'.repeat(count);

/** [what is planted, rule that must report it, file it must name, files added or replaced] */
export const PLANTED_BUDGET = [
  [
    'an exhibit over its budget, in both of its folders together',
    'exhibit-budget',
    `${COPY}/`,
    { [`${COPY}/more.ts`]: lines(150), 'app/mechanisms/copy/more.ts': lines(150) },
  ],
  [
    'an exhibit over its budget by its reference',
    'exhibit-budget',
    `${COPY}/`,
    { [`${COPY}/reference.ts`]: lines(390) },
  ],
  [
    'an exhibit over the ceiling of its own',
    'exhibit-budget',
    'gpu/mechanisms/attention/',
    Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`gpu/mechanisms/attention/part-${i}.ts`, lines(390)])),
  ],
  [
    'an exhibit that needs no ceiling of its own',
    'exhibit-ceiling',
    'gpu/mechanisms/attention/',
    { 'gpu/mechanisms/attention/plan.ts': lines(100) },
  ],
  [
    'a letter of the page in a mechanism',
    'engine-page-word',
    `${COPY}/looks.ts`,
    { [`${COPY}/looks.ts`]: "export const q = { letter: 'Q' };\n" },
  ],
  [
    'a label of the page in a type of the engine',
    'engine-page-word',
    'gpu/define/looks.ts',
    { 'gpu/define/looks.ts': 'export interface Look {\n  label: string;\n}\n' },
  ],
  [
    'a token of the page’s colours in a mechanism',
    'engine-page-word',
    `${COPY}/looks.ts`,
    { [`${COPY}/looks.ts`]: "export const q = ['--tone-signal'];\n" },
  ],
  [
    'a colour in the engine',
    'engine-page-word',
    'gpu/trace/looks.ts',
    { 'gpu/trace/looks.ts': "export const ink = (x: number) => (x > 1 ? '#a02c2c' : 'none');\n" },
  ],
  ...['serving', 'generation'].map((room) => [
    `gpu/${room} running something`,
    'import-layer',
    `gpu/${room}/pool.ts`,
    { [`gpu/${room}/pool.ts`]: "import { open } from '../runtime/device/device.ts';\nopen();\n" },
  ]),
  [
    'gpu/serving knowing the types of the runtime',
    'import-layer',
    'gpu/serving/pool.ts',
    {
      'gpu/serving/pool.ts':
        "import type { open } from '../runtime/device/device.ts';\nexport type Open = typeof open;\n",
    },
  ],
];
