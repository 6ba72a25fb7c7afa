// Copies gpu/wgsl/parts into the ends of the kernels that name them, after a part was changed.
//   node scripts/copy-parts.mjs

import { writeFileSync } from 'node:fs';
import { isKernel } from './layers/kernel-rules.mjs';
import { withParts } from './layers/part-rules.mjs';
import { readSourceFiles } from './layers/source-files.mjs';

const files = readSourceFiles('.');
for (const [path, text] of files) {
  if (!isKernel(path)) continue;
  const renewed = withParts(text, files);
  if (renewed === text) continue;
  writeFileSync(path, renewed);
  console.log(path);
}
