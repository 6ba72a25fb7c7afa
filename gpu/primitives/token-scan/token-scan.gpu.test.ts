import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { engineOf } from '../../define/testing/holds.ts';
import type { Engine } from '../../runtime/api.ts';
import { tokenScan } from './token-scan.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(tokenScan);
});
afterAll(() => engine.dispose());

const LENGTH = 17;
const sizes = { heads: 5, headDim: 2, states: 4, groups: 1, form: 'ssd' };
const whole = tokenScan.makeInputs(tokenScan.resolve({ ...sizes, tokens: LENGTH }), 9);

/** Tokens `from` … `to` of what has an axis of them. */
function stretch(name: string, from: number, to: number): Tensor {
  const { shape, data } = whole[name]!;
  if (!['x', 'dt', 'B', 'C', 'z'].includes(name)) return whole[name]!;
  const row = data.length / LENGTH;
  return tensor('f32', [1, to - from, ...shape.slice(2)], data.slice(from * row, to * row));
}

async function inRuns(ends: number[], sources: Record<string, string> = {}): Promise<number[]> {
  const found: number[] = [];
  // What the kernel must not read before there is a text.
  let state: Tensor = { ...whole.state!, data: whole.state!.data.map(() => 1e6) as Float32Array };
  for (const [index, end] of ends.entries()) {
    const position = index === 0 ? 0 : ends[index - 1]!;
    const inputs = Object.fromEntries(Object.keys(whole).map((name) => [name, stretch(name, position, end)]));
    const config = { form: 'ssd', position };
    const experiment = { mechanism: 'token-scan', variant: 'direct', config, sources };
    const { outputs } = await engine.run(experiment, { inputs: { ...inputs, state } });
    found.push(...outputs.out!.data);
    state = outputs.new_state!;
  }
  return found;
}

test('a text in runs of any length equals the text in one', async () => {
  const at = tokenScan.reference(tokenScan.resolve({ form: 'ssd' }, whole), whole).out!.data;
  const largest = Math.max(...Array.from(at, Math.abs));
  const straight = await inRuns([LENGTH]);
  for (const [i, value] of straight.entries()) expect(Math.abs(value - at[i]!) / largest).toBeLessThan(2e-6);
  for (const ends of [
    [1, 2, 3, LENGTH],
    [5, 16, LENGTH],
    [7, 8, 15, LENGTH],
  ])
    expect(await inRuns(ends), `runs that end at ${ends}`).toEqual(straight);
});

test.each([
  [
    'a state that starts anew with every run',
    'token-scan.wgsl',
    'if (params.position > 0u) { h[n]',
    'if (false) { h[n]',
  ],
  ['B of the token before', 'token-scan.wgsl', '+ row * params.b_token', '+ max(row, 1u) * params.b_token'],
  ['no way past', 'skip-and-gate.wgsl', 'if (HAS_D)', 'if (false)'],
])('%s changes the result', async (_title, file, from, to) => {
  const kernel = tokenScan.variants[0]!.kernels.find((each) => each.file === file)!;
  const faulty = kernel.wgsl.replace(from, to);
  expect(faulty).not.toBe(kernel.wgsl);
  expect(await inRuns([4, LENGTH], { [file]: faulty })).not.toEqual(await inRuns([4, LENGTH]));
});
