import { afterAll, beforeAll, expect, test } from 'vitest';
import { normalTensor } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { engineOf } from '../../define/testing/holds.ts';
import type { Engine } from '../../runtime/api.ts';
import { shortConvolution } from './short-convolution.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(shortConvolution);
});
afterAll(() => engine.dispose());

const [CHANNELS, LENGTH] = [3, 11];
const x = normalTensor(4, 'x', [1, LENGTH, CHANNELS]);
const rows = (from: number, to: number) =>
  tensor('f32', [1, to - from, CHANNELS], x.data.slice(from * CHANNELS, to * CHANNELS));

/** The outputs of a text that comes in runs that end where `ends` says. */
async function inRuns(width: number, ends: number[], sources: Record<string, string> = {}): Promise<number[]> {
  const weight = normalTensor(5, 'weight', [width, CHANNELS]);
  // What the kernels must not read before there is a text.
  let past: Tensor = tensor('f32', [1, width - 1, CHANNELS], new Array((width - 1) * CHANNELS).fill(77));
  const found: number[] = [];
  for (const [index, end] of ends.entries()) {
    const position = index === 0 ? 0 : ends[index - 1]!;
    const { outputs } = await engine.run(
      { mechanism: 'short-convolution', variant: 'direct', config: { position }, sources },
      { inputs: { x: rows(position, end), weight, past } },
    );
    found.push(...outputs.out!.data);
    past = outputs.new_past!;
  }
  return found;
}

test('a text in runs of any length equals the text in one, also where a run has fewer rows than are kept', async () => {
  for (const width of [2, 3, 8]) {
    const whole = await inRuns(width, [LENGTH]);
    for (const ends of [[1, 2, 3, LENGTH], [5, 6, 8, LENGTH], [2, 9, LENGTH], Array.from(x.data.keys()).slice(1, 12)])
      expect(await inRuns(width, ends), `width ${width}, runs that end at ${ends}`).toEqual(whole);
  }
});

test.each([
  ['a kept row too far back', 'keep-rows.wgsl', 'let source = i + params.tokens;', 'let source = i;'],
  ['rows before the text', 'short-convolution.wgsl', 'if (back - row > params.position) { return 0.0; }', ''],
])('%s changes the result', async (_title, file, from, to) => {
  const kernel = shortConvolution.variants[0]!.kernels.find((each) => each.file === file)!;
  const faulty = kernel.wgsl.replace(from, to);
  expect(faulty).not.toBe(kernel.wgsl);
  expect(await inRuns(4, [1, 3, LENGTH], { [file]: faulty })).not.toEqual(await inRuns(4, [1, 3, LENGTH]));
});
