// Test code: violations of the laws on kernels that repeat each other: rows of check-layers.test.mjs.

import { KERNEL } from './clean-tree.mjs';

const COPY = 'gpu/mechanisms/copy';
const COPY_KERNEL = `${COPY}/copy.wgsl`;
const HALF = '// Half of x.\nfn half(x: f32) -> f32 {\n  return 0.5 * x;\n}\n';
const DOUBLE = HALF.replaceAll('half', 'double').replace('Half', 'Twice').replace('0.5', '2.0');
const fromHalf = `// ---- from half.wgsl\n${HALF}`;
const withHalf = (text) => text.replace('= x[id.x]', '= half(x[id.x])') + fromHalf;
/** A part, and two kernels that end with it. */
const SHARED = {
  'gpu/wgsl/parts/half.wgsl': HALF,
  [COPY_KERNEL]: withHalf(KERNEL),
  [`${COPY}/again.wgsl`]: withHalf(KERNEL),
};
const LONG = Array.from({ length: 8 }, (_, i) => `  let step${i} = ${i}.0 * f32(lane);\n`).join('');
const longer = (text) => text.replace('  //: load\n', `${LONG}  //: load\n`);

/** [what is planted, rule that must report it, file it must name, files added or replaced, files removed] */
export const PLANTED_REPEATS = [
  ['a kernel that ends with a part nobody has', 'part-unknown', COPY_KERNEL, { [COPY_KERNEL]: KERNEL + fromHalf }],
  [
    'a kernel whose part has drifted by a blank',
    'part-drifted',
    COPY_KERNEL,
    { ...SHARED, [COPY_KERNEL]: withHalf(KERNEL).replace('0.5 * x', '0.5  * x') },
  ],
  [
    'a kernel with text of its own after a part',
    'part-drifted',
    COPY_KERNEL,
    { ...SHARED, [COPY_KERNEL]: withHalf(KERNEL) + DOUBLE },
  ],
  [
    'a part that was changed without its kernels',
    'part-drifted',
    `${COPY}/again.wgsl`,
    { ...SHARED, 'gpu/wgsl/parts/half.wgsl': HALF.replace('0.5', '0.25') },
  ],
  ['a part nobody uses', 'part-unused', 'gpu/wgsl/parts/half.wgsl', { 'gpu/wgsl/parts/half.wgsl': HALF }],
  [
    'a part of one kernel alone',
    'part-unused',
    'gpu/wgsl/parts/half.wgsl',
    { ...SHARED, [`${COPY}/again.wgsl`]: KERNEL },
  ],
  [
    'the same function in two kernels',
    'kernel-repeats-function',
    COPY_KERNEL,
    { [COPY_KERNEL]: KERNEL + HALF, [`${COPY}/again.wgsl`]: KERNEL + HALF },
    [],
    [`${COPY}/again.wgsl`],
  ],
  [
    'eight lines that two kernels have in common, one of them indented',
    'kernel-repeats',
    COPY_KERNEL,
    { [COPY_KERNEL]: longer(KERNEL), [`${COPY}/again.wgsl`]: longer(KERNEL).replace(LONG, LONG.replace(/^/gm, '  ')) },
    [],
    [`${COPY}/again.wgsl`],
  ],
  [
    'two variants that may be alike and no longer are',
    'kernel-repeats-less',
    'gpu/mechanisms/selective-scan/blelloch.wgsl',
    { 'gpu/mechanisms/selective-scan/blelloch.wgsl': KERNEL },
  ],
];
