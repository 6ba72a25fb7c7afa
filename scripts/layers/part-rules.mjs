// Text that several kernels have in common lies once in gpu/wgsl/parts and word for word at the end of each of them, so that every kernel
// is whole on screen and compiles as it stands. Nothing puts it there when the page is built: this compares, scripts/copy-parts.mjs copies.

import { isKernel } from './kernel-rules.mjs';

const PARTS = 'gpu/wgsl/parts/';
const HEAD = /^\/\/ ---- from (.*)$/;
/** Lines of code that two kernels may have in a row before that has to be a part. */
const MOST_REPEATED = 7;
/**
 * Kernels that are one computation written twice, so that the difference can be read by laying them side by side. `longest` is the longest
 * run of lines that two of them have in common today.
 */
const VARIANTS = [
  {
    kernels: ['selective-scan/blelloch.wgsl', 'selective-scan/hillis-steele.wgsl'],
    longest: 35,
    why: 'one scan over pairs; they differ in who combines with whom',
  },
  {
    kernels: ['selective-scan/discretize.wgsl', 'selective-scan/discretize-naive.wgsl'],
    longest: 31,
    why: 'the second is the first with one numerical mistake',
  },
  {
    kernels: ['sequential-scan/sequential.wgsl', 'selective-scan/chunk-scan.wgsl', 'selective-scan/chunk-summary.wgsl'],
    longest: 33,
    why: 'a chunk is walked as a whole sequence is; they differ in where they start and what they store',
  },
  {
    kernels: ['attention/flash-v1.wgsl', 'attention/flash-v2.wgsl', 'attention/flash-v2-block-sparse.wgsl'],
    longest: 20,
    why: 'one online softmax; they differ in the order of the loops and in the tiles that are skipped',
  },
  {
    kernels: ['attention/flash-v2-tuned-software.wgsl', 'attention/flash-v2-tuned-software-quad.wgsl'],
    longest: 14,
    why: 'the second is the first with loads shared by a quad',
  },
  {
    kernels: ['attention/standard-scores.wgsl', 'attention/standard-output.wgsl'],
    longest: 10,
    why: 'two matrix products over the same blocks of rows',
  },
  {
    kernels: ['matmul/matmul-tuned-software.wgsl', 'matmul/matmul-tuned-software-quad.wgsl'],
    longest: 8,
    why: 'the second is the first with loads shared by a quad',
  },
];

/**
 * A kernel taken apart.
 *
 * @returns {{ own: string, parts: { file: string, line: number, text: string }[] }} its own text, and what follows a line
 *   `// ---- from <file>`, up to the next such line or the end; `line` is that of the head
 */
export function splitKernel(wgsl) {
  const parts = [];
  const own = [];
  for (const [index, line] of wgsl.split('\n').entries()) {
    const file = HEAD.exec(line)?.[1];
    if (file !== undefined) parts.push({ file, line: index + 1, lines: [] });
    else (parts.at(-1)?.lines ?? own).push(line);
  }
  const whole = ({ file, line, lines }, index) => ({
    file,
    line,
    text: lines.join('\n') + (index < parts.length - 1 ? '\n' : ''),
  });
  return { own: own.join('\n') + (parts.length > 0 ? '\n' : ''), parts: parts.map(whole) };
}

/** The kernel with its parts as gpu/wgsl/parts has them. @throws Error for a part that is not there */
export function withParts(wgsl, files) {
  const { own, parts } = splitKernel(wgsl);
  return parts.reduce((text, { file }) => {
    const part = files.get(PARTS + file);
    if (part === undefined) throw new Error(`there is no ${PARTS}${file}`);
    return `${text}// ---- from ${file}\n${part}`;
  }, own);
}

function* checkParts(kernels, files) {
  const users = new Map(
    [...files.keys()].filter((path) => path.startsWith(PARTS) && path.endsWith('.wgsl')).map((path) => [path, 0]),
  );
  for (const [path, { parts }] of kernels)
    for (const { file, line, text } of parts) {
      const source = PARTS + file;
      if (!users.has(source)) {
        yield { rule: 'part-unknown', file: path, line, message: `there is no ${source}` };
        continue;
      }
      users.set(source, users.get(source) + 1);
      if (text !== files.get(source)) {
        const drifted = text.split('\n').findIndex((each, index) => each !== files.get(source).split('\n')[index]);
        const message = `differs from ${source}: change it there, then node scripts/copy-parts.mjs`;
        yield { rule: 'part-drifted', file: path, line: line + 1 + Math.max(0, drifted), message };
      }
    }
  for (const [path, count] of users)
    if (count < 2)
      yield {
        rule: 'part-unused',
        file: path,
        line: 1,
        message: `${count} kernels end with it; a part is what two or more have in common`,
      };
}

/** Functions of a kernel's own text but its entry points: text from `fn` to the closing bracket, and line. */
function* functionsOf(own) {
  const lines = own.split('\n');
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('fn ') || lines[index - 1]?.startsWith('@')) continue;
    const end = line.endsWith('}') ? index : lines.indexOf('}', index);
    yield { text: lines.slice(index, end + 1).join('\n'), line: index + 1 };
  }
}

function* checkFunctions(kernels) {
  const first = new Map();
  for (const [path, { own }] of kernels)
    for (const { text, line } of functionsOf(own)) {
      const before = first.get(text);
      if (before === undefined) first.set(text, path);
      else
        yield {
          rule: 'kernel-repeats-function',
          file: path,
          line,
          message: `${before} has the same function: make it a part`,
        };
    }
}

/** Lines of code inside the functions of a kernel's own text, without indentation; signatures, comments and lone brackets are none. */
function codeOf(own) {
  const code = [];
  let depth = 0;
  for (const [index, line] of own.split('\n').entries()) {
    const text = line.trim();
    if (depth > 0 && /\w/.test(text) && !text.startsWith('//')) code.push({ text, line: index + 1 });
    if (depth === 0 && /^fn .*\{$|^\)( -> .*)? \{$/.test(line)) depth = 1;
    else if (line === '}') depth = 0;
  }
  return code;
}

/** Where every text stands in `code`. */
function placesOf(code) {
  const places = new Map();
  for (const [index, { text }] of code.entries()) places.set(text, [...(places.get(text) ?? []), index]);
  return places;
}

/** The longest run of lines that the second kernel, by its places, has in a row, too. */
function longestRun(code, places) {
  let longest = { length: 0, line: 0 };
  let before = new Map(); // where the run so far ends in the second kernel → its length
  for (const [i, { text }] of code.entries()) {
    const here = new Map();
    for (const j of places.get(text) ?? []) {
      const length = (before.get(j - 1) ?? 0) + 1;
      here.set(j, length);
      if (length > longest.length) longest = { length, line: code[i - length + 1].line };
    }
    before = here;
  }
  return longest;
}

const isOf = (path, kernel) => path.endsWith(`/${kernel}`);

function* checkRuns(kernels) {
  const code = [...kernels].map(([path, { own }]) => [path, codeOf(own)]);
  const places = code.map(([path, lines]) => [path, placesOf(lines)]);
  const seen = new Map();
  for (const [at, [path, lines]] of code.entries())
    for (const [other, there] of places.slice(0, at)) {
      const { length, line } = longestRun(lines, there);
      if (length <= MOST_REPEATED) continue;
      const variants = VARIANTS.find((each) => [path, other].every((one) => each.kernels.some((k) => isOf(one, k))));
      if (variants) seen.set(variants, Math.max(length, seen.get(variants) ?? 0));
      if (length > (variants?.longest ?? 0))
        yield {
          rule: 'kernel-repeats',
          file: path,
          line,
          message: `${length} lines in a row stand in ${other}, too; at most ${variants?.longest ?? MOST_REPEATED}: make them a part`,
        };
    }
  for (const variants of VARIANTS) {
    const here = [...kernels.keys()].find((path) => isOf(path, variants.kernels[0]));
    const longest = seen.get(variants) ?? 0;
    if (here && longest < variants.longest)
      yield {
        rule: 'kernel-repeats-less',
        file: here,
        line: 1,
        message: `its variants have ${longest} lines in a row in common, no longer ${variants.longest}: say so in scripts/layers/part-rules.mjs`,
      };
  }
}

/** Parts equal their source, and what two kernels have in common is one. */
export function* checkRepeats(files) {
  const kernels = new Map(
    [...files].filter(([path]) => isKernel(path)).map(([path, text]) => [path, splitKernel(text)]),
  );
  yield* checkParts(kernels, files);
  yield* checkFunctions(kernels);
  yield* checkRuns(kernels);
}
