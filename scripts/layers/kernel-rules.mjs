// Rules of a kernel file: short, one barrier a line, few storage buffers, every declaration explained, nothing loaded that is not used.

import { lineAt } from './source-files.mjs';

const MAX_STORAGE_BUFFERS = 7;
const DECLARATION = /^\s*(@group|@binding|var<workgroup>|const\s|override\s|@id\()/;

/** The text with comments blanked out: same length, same lines. */
export function withoutComments(wgsl) {
  const blank = (comment) => comment.replace(/[^\n]/g, ' ');
  return wgsl.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, blank);
}

/** Names after `//: ` that name a step, with their lines; `record`, `detail`, `probe` and `count` are requests, not steps. */
export function stepMarkers(wgsl) {
  return wgsl.split('\n').flatMap((text, index) => {
    const marker = /\/\/:\s*(\S+)/.exec(text);
    return marker && !['record', 'detail', 'probe', 'count'].includes(marker[1])
      ? [{ name: marker[1], line: index + 1 }]
      : [];
  });
}

/** Text of the parentheses that open at `start`, brackets balanced. */
function argumentsAt(code, start) {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    if (code[i] === '(') depth++;
    else if (code[i] === ')' && --depth === 0) return code.slice(start, i);
  }
  return code.slice(start);
}

function* checkSpeculativeLoads(path, code, storageNames) {
  for (const { index } of code.matchAll(/\bselect\s*\(/g)) {
    const args = argumentsAt(code, code.indexOf('(', index));
    const loaded = storageNames.find((name) => new RegExp(`\\b${name}\\s*\\[`).test(args));
    if (loaded)
      yield {
        rule: 'kernel-speculative-load',
        file: path,
        line: lineAt(code, index),
        message: `select() evaluates both arms: ${loaded}[…] is loaded even when it is not wanted; branch instead`,
      };
  }
}

/** True when line `index` has a comment of its own or right above it. */
function isExplained(lines, index) {
  return /\/\/\s*\S/.test(lines[index]) || /^\s*(\/\/(?!:)\s*\S|.*\*\/\s*$)/.test(lines[index - 1] ?? '');
}

function* checkKernel(path, wgsl) {
  const lines = wgsl.split('\n');
  const code = withoutComments(wgsl);
  const codeLines = code.split('\n');
  const report = (rule, line, message) => ({ rule, file: path, line, message });

  if (!/^\s*\/\//.test(lines[0] ?? ''))
    yield report('kernel-head', 1, 'a kernel opens with what it computes, its shapes and its source');
  const storage = [...code.matchAll(/var<storage[^>]*>\s*(\w+)/g)].map((match) => match[1]);
  if (storage.length > MAX_STORAGE_BUFFERS)
    yield report(
      'kernel-storage-buffers',
      1,
      `${storage.length} storage buffers; ${MAX_STORAGE_BUFFERS} at most, since the recorder takes one of the eight every device has`,
    );
  for (const [index, line] of codeLines.entries()) {
    if (/workgroupBarrier\s*\(/.test(line) && line.trim() !== 'workgroupBarrier();')
      yield report('kernel-barrier-alone', index + 1, 'workgroupBarrier(); stands alone on its line');
    if (DECLARATION.test(line) && !isExplained(lines, index) && !/^\s*@group/.test(codeLines[index - 1] ?? ''))
      yield report('kernel-uncommented', index + 1, `say what it means and its shape: ${line.trim()}`);
    const group = /@group\((\d+)\)/.exec(line);
    if (group && group[1] !== '0')
      yield report('kernel-group', index + 1, `group ${group[1]}: a kernel’s own bindings are all in group 0`);
    if (/\/\/:/.test(lines[index]) && line.trim() !== '')
      yield report('kernel-marker-alone', index + 1, 'a `//:` marker stands alone on its line');
  }
  yield* checkSpeculativeLoads(path, code, storage);
  const hasLoop = /\b(for|while|loop)\b/.test(code);
  if (!/workgroupBarrier/.test(code) && hasLoop && stepMarkers(wgsl).length === 0)
    yield report('kernel-no-step', 1, 'a kernel without barriers marks its outermost data loop with `//: name`');
}

/** Kernels of mechanisms and primitives: those people read. */
export const isKernel = (path) => /^gpu\/(mechanisms|primitives)\/.*\.wgsl$/.test(path);

export function* checkKernels(files) {
  for (const [path, text] of files) if (isKernel(path)) yield* checkKernel(path, text);
}
