// The laws of docs/ARCHITECTURE.md, checked: who may import whom, what the engine may name, what a kernel and a mechanism folder owe.
// Prints how many files it saw and fails below a floor, since a checker that sees nothing always passes.
//   node scripts/check-layers.mjs [root]

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBudget } from './layers/budget-rules.mjs';
import { checkCode } from './layers/code-rules.mjs';
import { checkDocuments } from './layers/doc-rules.mjs';
import { checkFolders } from './layers/folder-rules.mjs';
import { checkCycles, checkImports, parseModules } from './layers/import-rules.mjs';
import { checkKernels, isKernel } from './layers/kernel-rules.mjs';
import { checkHandLists, checkLists } from './layers/list-rules.mjs';
import { checkRepeats } from './layers/part-rules.mjs';
import { readSourceFiles } from './layers/source-files.mjs';

/** Far below what the project has; reaching it means the checker looked in the wrong place. */
const FLOOR = { modules: 300, kernels: 8, imports: 1200 };

/**
 * @param {string} root folder that holds app/ and gpu/
 * @returns {{ violations: { rule: string, file: string, line: number, message: string }[],
 *   seen: { modules: number, kernels: number, imports: number } }}
 */
export function checkLayers(root) {
  const files = readSourceFiles(root);
  const modules = parseModules(files);
  const violations = [
    ...checkImports(files, modules),
    ...checkCycles(modules),
    ...checkCode(files, modules),
    ...checkKernels(files),
    ...checkRepeats(files),
    ...checkFolders(files, modules),
    ...checkBudget(files),
    ...checkLists(modules),
    ...checkDocuments(files),
    ...checkHandLists(files),
  ];
  const imports = [...modules.values()].reduce((sum, module) => sum + module.imports.length, 0);
  return { violations, seen: { modules: modules.size, kernels: [...files.keys()].filter(isKernel).length, imports } };
}

function main() {
  const root = resolve(process.argv[2] ?? '.');
  const { violations, seen } = checkLayers(root);
  for (const { rule, file, line, message } of violations) console.log(`${file}:${line}  ${message}  [${rule}]`);
  const short = Object.entries(FLOOR).filter(([name, least]) => seen[name] < least);
  for (const [name, least] of short)
    console.log(`saw only ${seen[name]} ${name}, fewer than ${least}: is this the right folder?`);
  console.log(
    `layers: ${seen.modules} modules, ${seen.imports} imports, ${seen.kernels} kernels seen; ${violations.length} violations`,
  );
  process.exitCode = violations.length > 0 || short.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
