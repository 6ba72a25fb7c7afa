// What would run for minutes without a loop is refused before it is compiled, and the next run works.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, KernelSpec } from '../api.ts';
import { openEngine } from '../engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const functions = Array.from({ length: 31 }, (_, i) => {
  const value = i === 30 ? 'o[0]' : `f${i + 1}() + f${i + 1}()`;
  return `fn f${i}() -> u32 { return ${value}; }`;
}).join('\n');
const spec = (statement: string, workgroups: KernelSpec['workgroups'] = [1, 1, 1]): KernelSpec => ({
  wgsl: `@group(0) @binding(0) var<storage, read_write> o: array<u32>;
${functions}
@compute @workgroup_size(1) fn main() { ${statement} }`,
  workgroups,
  bindings: [{ binding: 0, kind: 'storage', byteLength: 16 }],
});

test.each([
  ['a tree of calls', spec('o[1] = f0();'), /statements an invocation/],
  ['a grid of billions', spec('o[0] = 1u; o[1] = 2u;', [65_535, 65_535, 3]), /invocations of 2 statements/],
] as const)('%s, plain and recorded', async (_what, kernel, message) => {
  for (const trace of [false, true]) {
    const started = performance.now();
    await expect(engine.runKernel(kernel, { trace })).rejects.toMatchObject({
      code: 'limit-exceeded',
      message: expect.stringMatching(message),
    });
    expect(performance.now() - started).toBeLessThan(5000);
  }
  const { outputs } = await engine.runKernel(spec('o[1] = 7u;'));
  expect(outputs.o!.data[1]).toBe(7);
});
