// Data races, looked for by a lockstep interpreter at a tiny shape: none in the kernels, and some as soon as a barrier is taken away.
// The software adapter runs few lanes at a time and would hide them.

import { describe, expect, test } from 'vitest';
import { detectRaces } from 'wgsl_reflect/wgsl_reflect.module.js';
import { elementCount } from '../../core/tensor.ts';
import type { PassSpec } from '../../plan/plan.ts';
import { bake } from '../../wgsl/text/bake.ts';
import { reflectBindings, reflectStruct } from '../../wgsl/text/reflect.ts';
import { attention } from './index.ts';
import { variantIds } from './plan.ts';

const BARRIER = /^ *workgroupBarrier\(\);\n/gm;
const config = attention.resolve({ nq: 6, nk: 10, headDim: 4, br: 4, bc: 4 });

/** Races that the interpreter finds in one pass, as text. @throws Error when it cannot run the kernel */
function races(
  variant: string,
  { kernel, constants, bindings, params, workgroups }: PassSpec,
  edit = (wgsl: string) => wgsl,
) {
  const { kernels } = attention.variants.find(({ id }) => id === variant)!;
  const baked = bake(edit(kernels.find(({ file }) => file === kernel)!.wgsl), constants);
  const { buffers } = attention.plan(variant, config, {});
  const resources: Record<number, unknown> = {};
  for (const { binding, name, space, type } of reflectBindings(baked)) {
    if (space === 'uniform') {
      const words = reflectStruct(baked, type)!.map((member) =>
        member.type === 'f32'
          ? new Uint32Array(Float32Array.of(params[member.name]!).buffer)[0]!
          : params[member.name]!,
      );
      resources[binding] = { uniform: Uint32Array.from(words) };
      continue;
    }
    const { dtype, shape } = buffers.find((each) => each.name === bindings[name])!;
    const data = dtype === 'f32' ? new Float32Array(elementCount(shape)) : new Uint32Array(elementCount(shape));
    resources[binding] = data.map((_, index) => (dtype === 'f32' ? ((index * 5) % 11) / 4 : 1));
  }
  // The interpreter's parser takes the `<` in `f(a, b < c)` for a template and stumbles over the name `block`.
  const readable = baked.replace(/\bblock\b/g, 'block_').replace(/, (\w+ [<>] [\w.]+)\)/g, ', ($1))');
  const result = detectRaces(readable, 'main', workgroups as number[], { 0: resources });
  if (result.errors.length > 0) throw new Error(result.errors.join('\n'));
  return result.races.map((race) => JSON.stringify(race));
}

describe.each(variantIds)('%s', (variant) => {
  for (const pass of attention.plan(variant, config, {}).passes) {
    test(`${pass.kernel} has no race`, () => {
      expect(races(variant, pass)).toEqual([]);
    });

    const source = attention.variants.flatMap(({ kernels }) => kernels).find(({ file }) => file === pass.kernel)!.wgsl;
    const barriers = [...source.matchAll(BARRIER)];
    test(`${pass.kernel} has one without any of its ${barriers.length} barriers`, () => {
      expect(barriers.length).toBeGreaterThanOrEqual(2);
      for (const { index, 0: text } of barriers) {
        const line = source.slice(0, index).split('\n').length;
        const without = (wgsl: string) => wgsl.slice(0, index) + wgsl.slice(index + text.length);
        expect(races(variant, pass, without).length, `barrier of line ${line}`).toBeGreaterThan(0);
      }
    });
  }
});
