import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { uniformStream } from '../../core/random.ts';
import { stackOf } from '../stack/config.ts';
import { weightsOf } from '../stack/plan.ts';
import { readForeignModel } from './foreign-model.ts';

const folder = new URL('../fixtures/hf/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`${name}/model.safetensors`, folder)));
const configOf = (name: string) => readFileSync(new URL(`${name}/config.json`, folder), 'utf8');
const changed = (name: string, change: object) => JSON.stringify({ ...JSON.parse(configOf(name)), ...change });

function refusal(config: string, bytes: Uint8Array): EngineError {
  try {
    readForeignModel(config, bytes);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  return expect.fail('was read') as never;
}

test('a GPT-2 becomes a stack whose every weight has a tensor', () => {
  const { type, config, weights, unused } = readForeignModel(configOf('gpt2-f32'), bytesOf('gpt2-f32'));
  expect([type, unused]).toEqual(['gpt2', []]);
  expect(config.blocks.map(({ kind }) => kind)).toEqual(['attention', 'mlp', 'attention', 'mlp']);
  expect(Object.keys(weights).sort()).toEqual(Object.keys(weightsOf(stackOf(config))).sort());
  for (const { data } of Object.values(weights)) expect(data.every(Number.isFinite)).toBe(true);
});

test('what no stack can run is refused by name, with its value and what would do', () => {
  const gpt2 = bytesOf('gpt2-f32');
  expect(refusal(changed('gpt2-f32', { model_type: 'bert' }), gpt2)).toMatchObject({
    code: 'bad-file',
    field: 'model_type',
    value: 'bert',
    limit: ['gpt2', 'llama', 'mamba'],
  });
  expect(refusal(changed('gpt2-f32', { activation_function: 'quick_gelu' }), gpt2)).toMatchObject({
    field: 'activation_function',
    value: 'quick_gelu',
  });
  expect(refusal(changed('gpt2-f32', { scale_attn_by_inverse_layer_idx: true }), gpt2)).toMatchObject({
    field: 'scale_attn_by_inverse_layer_idx',
    value: true,
  });
  expect(refusal(changed('gpt2-f32', { n_layer: 3 }), gpt2)).toMatchObject({
    code: 'bad-file',
    field: 'h.2.ln_1.weight',
  });
  expect(refusal(changed('gpt2-f32', { n_inner: 64 }), gpt2)).toMatchObject({
    code: 'bad-file',
    field: 'blocks.1.up_proj.weight',
    value: [56, 32],
    limit: [64, 32],
  });
  const llama = bytesOf('llama-f32');
  expect(refusal(changed('llama-f32', { rope_scaling: { rope_type: 'llama3', factor: 8 } }), llama)).toMatchObject({
    field: 'rope_scaling',
    value: 'llama3',
  });
  expect(refusal(changed('llama-f32', { num_key_value_heads: 3 }), llama)).toMatchObject({
    code: 'bad-config',
    field: 'blocks.0.kvHeads',
    value: 3,
  });
  expect(refusal('{', llama)).toMatchObject({ code: 'bad-file', field: 'config.json' });
  expect(refusal(' '.repeat(1_000_001), llama)).toMatchObject({ field: 'config.json', limit: 1_000_000 });
  // Which files belong together is not known before their tensors are looked for.
  expect(refusal(configOf('gpt2-f32'), llama)).toMatchObject({
    code: 'bad-file',
    field: expect.stringMatching(/wte|h\.0/),
  });
});

test('300 truncated, lying or hostile pairs of files are named or read, nothing else; and quickly', () => {
  const random = uniformStream(7, 'hostile');
  const json = (text: string) => {
    const at = Math.floor(random() * text.length);
    return (
      text.slice(0, at) +
      ['', '9', '-1', 'null', '"', '1e99', '[]'][Math.floor(random() * 7)] +
      text.slice(at + Math.floor(random() * 6))
    );
  };
  let refusals = 0;
  const start = performance.now();
  fc.assert(
    fc.property(
      fc.constantFrom('gpt2-f32', 'gpt2-f16', 'llama-f32', 'llama-bf16'),
      fc.nat(3),
      fc.nat(),
      (name, how, seed) => {
        const bytes = bytesOf(name);
        const at = seed % bytes.length;
        const file =
          how === 0
            ? bytes.subarray(0, at)
            : how === 1
              ? bytes.map((byte, i) => (i === at % 2000 ? byte ^ (1 << (seed % 8)) : byte))
              : bytes;
        try {
          const { weights } = readForeignModel(how >= 2 ? json(configOf(name)) : configOf(name), file);
          expect(Object.keys(weights).length).toBeGreaterThan(10);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect((error as EngineError).field).toBeDefined();
          refusals += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  console.log(`foreign models: ${refusals} of 300 refused, ${((performance.now() - start) / 300).toFixed(1)} ms each`);
  expect(refusals).toBeGreaterThan(100);
});
