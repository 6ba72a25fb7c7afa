import { describe, expect, it } from 'vitest';
import { checkRepeats, splitKernel, withParts } from './part-rules.mjs';
import { KERNEL } from './testing/clean-tree.mjs';

const HALF = '// Half of x.\nfn half(x: f32) -> f32 {\n  return 0.5 * x;\n}\n';
const TWICE = 'fn twice(x: f32) -> f32 { return 2.0 * x; }\n';
const BOTH = `${KERNEL}// ---- from half.wgsl\n${HALF}// ---- from twice.wgsl\n${TWICE}`;
const PARTS = [
  ['gpu/wgsl/parts/half.wgsl', HALF],
  ['gpu/wgsl/parts/twice.wgsl', TWICE],
];
const files = (...kernels) => new Map([...PARTS, ...kernels.map((text, i) => [`gpu/mechanisms/a/k${i}.wgsl`, text])]);

describe('parts of a kernel', () => {
  it('are what stands after their heads, to the letter', () => {
    expect(splitKernel(BOTH)).toEqual({
      own: KERNEL,
      parts: [
        { file: 'half.wgsl', line: KERNEL.split('\n').length, text: HALF },
        { file: 'twice.wgsl', line: KERNEL.split('\n').length + HALF.split('\n').length, text: TWICE },
      ],
    });
    expect(splitKernel(KERNEL)).toEqual({ own: KERNEL, parts: [] });
  });

  it('break no law where two kernels end with them', () => {
    expect([...checkRepeats(files(BOTH, BOTH))]).toEqual([]);
  });

  it('that drifted are reported at the line that differs', () => {
    const drifted = BOTH.replace('0.5', '0.25');
    const found = [...checkRepeats(files(drifted, BOTH, BOTH))];
    const line = drifted.split('\n').findIndex((text) => text.includes('0.25')) + 1;
    expect(found).toMatchObject([{ rule: 'part-drifted', file: 'gpu/mechanisms/a/k0.wgsl', line }]);
  });

  it('are copied again from their source, and nothing else is touched', () => {
    const renewed = new Map([...files(), ['gpu/wgsl/parts/half.wgsl', HALF.replace('0.5', '0.25')]]);
    expect(withParts(BOTH, renewed)).toBe(BOTH.replace('0.5', '0.25'));
    expect(withParts(BOTH, files())).toBe(BOTH);
    expect(withParts(KERNEL, files())).toBe(KERNEL);
    expect(() => withParts(`${KERNEL}// ---- from none.wgsl\n`, files())).toThrow('gpu/wgsl/parts/none.wgsl');
  });
});
