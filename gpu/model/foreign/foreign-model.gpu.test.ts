import { afterAll, beforeAll, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { readForeignModel } from './foreign-model.ts';

interface Expected {
  prompts: { ids: number[]; logits: number[] }[];
}

const configs = import.meta.glob<string>('../fixtures/hf/*/config.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const expected = import.meta.glob<Expected>('../fixtures/hf/*/expected.json', { import: 'default', eager: true });
const files = import.meta.glob<string>('../fixtures/hf/*/model.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
});
const names = Object.keys(configs).map((path) => path.split('/').at(-2)!);
const at = (name: string, file: string) => `../fixtures/hf/${name}/${file}`;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('there are checkpoints of two architectures, in three types of numbers', () => {
  expect(names.sort()).toEqual(['gpt2-f16', 'gpt2-f32', 'llama-bf16', 'llama-f32']);
});

test.each(names)(
  '%s: a checkpoint written by another program gives that program’s logits, at once and token by token',
  async (name) => {
    const bytes = new Uint8Array(await (await fetch(files[at(name, 'model.safetensors')]!)).arrayBuffer());
    const { config, weights, unused } = readForeignModel(configs[at(name, 'config.json')]!, bytes);
    expect(unused).toEqual([]);
    const session = await engine.open({ model: 'stack', config, weights });
    let largest = 0;
    for (const { ids, logits } of expected[at(name, 'expected.json')]!.prompts) {
      const run = async (part: string, list: number[]) =>
        (await session.run(part, { inputs: { ids: tensor('i32', [list.length], list) } })).outputs.logits!.data;
      const found = [await run('prefill', ids)];
      await run('prefill', ids.slice(0, 1));
      for (const id of ids.slice(1)) found[1] = await run('step', [id]);
      for (const data of found) largest = Math.max(largest, ...logits.map((value, i) => Math.abs(value - data[i]!)));
    }
    session.dispose();
    console.log(`${name}: largest difference of a logit ${largest.toExponential(1)}`);
    expect(largest).toBeLessThan(1e-3);
  },
);
