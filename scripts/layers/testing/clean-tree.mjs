// Test code: a small tree that breaks no law, for violations to be planted in.

export const KERNEL = `// Copies x to y, [n] f32 each.
const SIZE: u32 = 64u; // invocations per workgroup  @tune 32 64
struct Params { n: u32 }
@group(0) @binding(0) var<storage, read> x: array<f32>; // input, [n]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // output, [n]
@group(0) @binding(2) var<uniform> params: Params; // sizes
var<workgroup> tile: array<f32, SIZE>; // one value per invocation, [SIZE]

@compute @workgroup_size(SIZE)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  //: load
  if (id.x < params.n) { tile[lane] = x[id.x]; }
  workgroupBarrier();
  if (id.x < params.n) { y[id.x] = tile[lane]; }
}
`;

/** A mechanism planned by hand. */
export const HAND_MADE = {
  'README.md': '# Copy\n',
  'card.ts': "import type { Plan } from '../../mechanisms/mechanism.ts';\nexport const card = {} as { plan?: Plan };\n",
  'plan.ts': "import type { Plan } from '../../plan/plan.ts';\nexport const plan = (): Plan => ({ passes: [] });\n",
  'reference.ts': 'export const reference = (window: number) => window;\n',
  'cost.ts': 'export const cost = () => 0;\n',
  'steps.ts': "export const steps = [{ id: 'load', title: 'Load' }];\n",
  'index.ts':
    "import type { Mechanism } from '../../mechanisms/mechanism.ts';\nexport { plan } from './plan.ts';\nexport const copy: Mechanism = {} as never;\n",
  'copy.wgsl': KERNEL,
  'copy.test.ts': "import { it } from 'vitest';\nit('copies', () => {});\n",
  'copy.gpu.test.ts': "import { it } from 'vitest';\nit('copies on the device', () => {});\n",
};

export const HELD =
  "import { holds } from '../../define/testing/holds.ts';\nimport { scale } from './scale.ts';\nholds(scale);\n";

/** A described one. */
const DESCRIBED = {
  'README.md': '# Scale\n',
  'card.ts': HAND_MADE['card.ts'],
  'reference.ts': 'export function reference(x: number) {\n  return x;\n}\n',
  'scale.ts':
    "import { defineMechanism } from '../../define/mechanism.ts';\nimport { reference } from './reference.ts';\nexport const scale = defineMechanism({ reference });\n",
  'scale.wgsl': KERNEL,
  'scale.test.ts': HAND_MADE['copy.test.ts'],
  'scale.gpu.test.ts': HELD,
};

export const within = (folder, files) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

export const CLEAN = {
  'gpu/core/tensor.ts': 'export interface Tensor {\n  shape: number[];\n}\n',
  'gpu/plan/plan.ts': "import type { Tensor } from '../core/tensor.ts';\nexport type Plan = { passes: Tensor[] };\n",
  'gpu/runtime/device/device.ts': 'export const open = (): GPUDevice => navigator.gpu as never;\n',
  'gpu/mechanisms/mechanism.ts':
    "export type { Plan } from '../plan/plan.ts';\nexport type Mechanism = { id: string };\n",
  'gpu/mechanisms/registry.ts':
    "export const all = [() => import('./copy/index.ts'), () => import('../primitives/scale/scale.ts')];\n",
  'gpu/define/mechanism.ts': 'export const defineMechanism = (spec: object) => spec;\n',
  'gpu/define/testing/holds.ts': 'export const holds = (mechanism: object) => mechanism;\n',
  ...within('gpu/mechanisms/copy', HAND_MADE),
  ...within('gpu/primitives/scale', DESCRIBED),
  'app/mechanisms/copy/exhibit.tsx':
    "import { rows } from './scene.ts';\nimport kernel from '#gpu/mechanisms/copy/copy.wgsl?raw';\nexport const View = () => <p>{rows(kernel)}</p>;\n",
  'app/mechanisms/copy/scene.ts': 'export const rows = (text: string) => text.length;\n',
  'app/mechanisms/copy/controls.ts': 'export const controls = [];\n',
  'app/state/run/open-engine.ts':
    "import { open } from '#gpu/runtime/device/device.ts';\nexport const run = () => open();\nexport const worker = () => new Worker(new URL('../../../gpu/runtime/device/device.ts', import.meta.url));\n",
  'app/state/stores/config-store.ts':
    "import type { open } from '#gpu/runtime/device/device.ts';\nexport type Open = typeof open;\n",
  // A class component's own state is no store.
  'app/parts/Boundary.tsx':
    'export class Boundary {\n  setState(state: object) {}\n  clear() {\n    this.setState({ error: null });\n  }\n}\n',
  'app/main.tsx': "import { run } from './state/run/open-engine.ts';\nrun();\n",
};
