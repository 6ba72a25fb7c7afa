import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import fixture from './fixtures/layer.json' with { type: 'json' };
import { sentenceEncoder } from './index.ts';
import { loadSentenceEncoder, type SentenceEncoder } from './load.ts';
import { sentenceOf } from './testing/sentence.ts';

let engine: Engine;
let encoder: SentenceEncoder;
beforeAll(async () => {
  engine = await openEngine();
  encoder = await loadSentenceEncoder({ folder: new URL('/models/sentence-encoder/', location.href).href });
});
afterAll(() => engine.dispose());

async function encode(text: string) {
  const sentence = sentenceOf(encoder, text);
  const session = await engine.open(sentence.spec, { inputs: sentence.inputs });
  const { outputs } = await session.run('run');
  session.dispose();
  return { ...sentence, outputs };
}

function largestError(found: Tensor | undefined, expected: { shape: number[]; data: Float64Array }) {
  expect(found?.shape).toEqual(expected.shape);
  const errors = Array.from(expected.data, (value, i) => Math.abs(found!.data[i]! - value));
  expect(errors.some(Number.isNaN)).toBe(false);
  return Math.max(...errors);
}

const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');

test('q, k and v of the first layer equal the float64 forward pass within 1e-4', async () => {
  const report: string[] = [];
  for (const text of [
    'a',
    'The cat sat on the mat because it was tired.',
    'words 😀 between 🎉🎉 words',
    words(40),
    words(170),
  ]) {
    const { tokens, spec, inputs, outputs } = await encode(text);
    const expected = sentenceEncoder.reference(sentenceEncoder.resolve(spec.config, inputs), inputs);
    const errors = ['q', 'k', 'v'].map((name) => largestError(outputs[name], expected[name]!));
    report.push(`${tokens.length} tokens ${Math.max(...errors).toExponential(1)}`);
    expect(Math.max(...errors), text.slice(0, 40)).toBeLessThan(1e-4);
  }
  console.log(report.join(', '));
});

test('q, k and v equal the package’s own tensors, up to the last position it keeps', async () => {
  const { heads, normEpsilon } = encoder.manifest.model;
  let compared = 0;
  for (const { text, ids, rows, ...parts } of fixture.cases) {
    const inputs = { ids: tensor('i32', [ids.length], ids), ...encoder.weights };
    const session = await engine.open({ model: 'sentence-encoder', config: { heads, normEpsilon } }, { inputs });
    const { outputs } = await session.run('run');
    session.dispose();
    for (const name of ['q', 'k', 'v'] as const) {
      const bytes = Uint8Array.from(atob(parts[name]), (symbol) => symbol.charCodeAt(0));
      const expected = new Float32Array(bytes.buffer);
      const found = rows.flatMap((row) => Array.from(outputs[name]!.data.subarray(row * 256, (row + 1) * 256)));
      const errors = found.map((value, i) => Math.abs(value - expected[i]!));
      expect(errors.length).toBe(expected.length);
      expect(
        errors.every((error) => error < 1e-4),
        `${name} of ${text.slice(0, 40)}`,
      ).toBe(true);
      compared += errors.length;
    }
  }
  expect(compared).toBeGreaterThan(5000);
});

test('another sentence gives other numbers', async () => {
  const first = await encode('The cat sat');
  const second = await encode('The dog sat');
  expect(first.tokens.length).toBe(second.tokens.length);
  expect(first.outputs.q!.data).not.toEqual(second.outputs.q!.data);
});

test('the intermediate tensors can be read from the session', async () => {
  const { spec, inputs, tokens } = sentenceOf(encoder, 'The cat sat');
  const session = await engine.open(spec, { inputs });
  await session.run('run');
  const h = await session.read('h');
  expect(h.shape).toEqual([tokens.length, 256]);
  expect(h.data.every(Number.isFinite)).toBe(true);
  session.dispose();
});

test('a recorded run equals the plain one and reads what the primitives’ closed forms say', async () => {
  const { spec, inputs, tokens } = sentenceOf(encoder, 'The cat sat on the mat.');
  const session = await engine.open(spec, { inputs });
  const { trace } = await session.run('run', { trace: true });
  session.dispose();
  expect(trace?.matchesPlain).toBe(true);
  expect(trace?.truncated).toBe(false);
  const n = tokens.length;
  const loads = Object.fromEntries(trace!.totals.map((total) => [total.buffer, total.loads]));
  // 8 tokens fit into one tile of rows, 256 columns take 16 tiles: h is read 16 times for each of q, k and v.
  expect(n).toBe(8);
  expect(loads).toMatchObject({
    ids: n * 64,
    embedding: n * 256,
    x: n * 256,
    h: 3 * 16 * n * 256,
    w_q: 256 * 256,
    b_v: n * 256,
  });
  expect(trace!.dispatches.map(({ kernel }) => kernel)).toEqual([
    'embedding.wgsl',
    'layernorm.wgsl',
    'matmul.wgsl',
    'matmul.wgsl',
    'matmul.wgsl',
  ]);
});

test('an id outside the vocabulary is refused before anything runs', async () => {
  const { spec, inputs } = sentenceOf(encoder, 'a');
  const ids: Tensor = { dtype: 'i32', shape: [1], data: Int32Array.of(8000) };
  const error = await engine.open(spec, { inputs: { ...inputs, ids } }).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ code: 'bad-input', field: 'ids[0]', value: 8000, limit: 7999 });
});
