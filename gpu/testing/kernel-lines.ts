// Test code: in what two kernels that should be near copies differ.

/** Code lines (trimmed, without comments) that `other` has and `base` has not, in order. */
export function linesBeside(base: string, other: string): string[] {
  const code = (wgsl: string) =>
    wgsl.split('\n').flatMap((line) => {
      const text = line.replace(/\/\/.*/, '').trim();
      return text === '' ? [] : [text];
    });
  const known = new Set(code(base));
  return code(other).filter((line) => !known.has(line));
}
