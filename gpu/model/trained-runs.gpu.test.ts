import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineError } from '../core/errors.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import type { Engine } from '../runtime/api.ts';
import { openEngine } from '../runtime/engine.ts';
import { stackOf } from './stack/config.ts';
import { forward } from './stack/reference.ts';
import { trainedConfig, trainedWeights } from './trained-stack.ts';
import { loadTrained, type Trained } from './trained-weights.ts';

// Their names alone: public files are served as they are.
const ids = Object.keys(import.meta.glob('../../public/models/*/check.json')).map((path) => path.split('/').at(-2)!);
const served = (id: string, file: string) => `/models/${id}/${file}`;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

interface CheckInput {
  tokens?: number[];
  /** A picture's pixels, times 16. */
  sixteenths?: number[];
  logits: number[];
}
interface Check {
  inputs: CheckInput[];
}

/** What a session is given: a text's ids, or a square picture of one plane. */
function inputsOf({ tokens, sixteenths = [] }: CheckInput): Record<string, Tensor> {
  if (tokens) return { ids: tensor('i32', [tokens.length], tokens) };
  const side = Math.sqrt(sixteenths.length);
  return {
    image: tensor(
      'f32',
      [1, side, side],
      sixteenths.map((value) => value / 16),
    ),
  };
}

const load = (id: string): Promise<Trained> =>
  loadTrained({ folder: served(id, ''), fetch: (address, options) => fetch(address, options) });
const checkOf = async (id: string) => (await (await fetch(served(id, 'check.json'))).json()) as Check;

const distance = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!)));

/** Kinds that no stack has yet: their models wait for them. */
const waiting: string[] = [];

test.each(ids)('%s: kernels and float64 agree with torch on its held-out check', async (id) => {
  const trained = await load(id);
  let config: ReturnType<typeof trainedConfig>;
  try {
    config = trainedConfig(trained.manifest);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'bad-config') throw error;
    waiting.push(`${id}: ${error.message}`);
    return;
  }
  const weights = trainedWeights(trained);
  const { inputs } = await checkOf(id);
  const session = await engine.open({ model: 'stack', config, weights });
  let [fromTorch, fromFloat64, largest] = [0, 0, 0];
  for (const [index, input] of inputs.slice(0, 6).entries()) {
    const { logits } = input;
    const given = inputsOf(input);
    const { data } = (await session.run('prefill', { inputs: given })).outputs.logits!;
    fromTorch = Math.max(fromTorch, distance(data, logits));
    largest = Math.max(largest, ...logits.map(Math.abs));
    // The whole forward pass in float64 takes a while: twice is enough to hold it to the same numbers.
    if (index < 2)
      fromFloat64 = Math.max(
        fromFloat64,
        distance(data, forward(stackOf(config), weights, Object.values(given)[0]!.data).readout!),
      );
  }
  session.dispose();
  console.log(
    `${id}: ${fromTorch.toExponential(1)} from torch, ${fromFloat64.toExponential(1)} from float64, of logits up to ${largest.toFixed(1)}`,
  );
  expect(fromTorch).toBeLessThan(1e-3);
  expect(fromFloat64 / largest).toBeLessThan(1e-4);
});

test('GPT runs; models of kinds that no stack has yet are named', () => {
  if (waiting.length > 0) console.log(waiting.join('\n'));
  expect(ids).toContain('gpt-moby');
  expect(waiting.some((each) => each.startsWith('gpt-moby'))).toBe(false);
});

test('a transposed tensor and the wrong activation are far from torch', async () => {
  const trained = await load('gpt-moby');
  const config = trainedConfig(trained.manifest);
  const weights = trainedWeights(trained);
  const check = (await checkOf('gpt-moby')).inputs[0]!;
  const q = weights['blocks.0.q_proj.weight']!;
  const [rows, columns] = q.shape as [number, number];
  const turned = Float32Array.from(q.data, (_, i) => q.data[(i % rows) * columns + Math.floor(i / rows)]!);
  const faults = [
    { config, weights: { ...weights, 'blocks.0.q_proj.weight': { ...q, data: turned } } },
    {
      config: {
        ...config,
        blocks: config.blocks.map((block) => (block.kind === 'mlp' ? { ...block, activation: 'relu' } : block)),
      },
      weights,
    },
  ];
  for (const fault of faults) {
    const session = await engine.open({ model: 'stack', ...fault });
    const { data } = (await session.run('prefill', { inputs: inputsOf(check) })).outputs.logits!;
    expect(distance(data, check.logits)).toBeGreaterThan(0.1);
    session.dispose();
  }
});
