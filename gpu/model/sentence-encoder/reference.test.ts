// The oracle's own oracle: the float64 forward pass against tensors taken out of the package's graph.

import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import fixture from './fixtures/layer.json' with { type: 'json' };
import { sentenceEncoder } from './index.ts';
import { loadSentenceEncoder, type SentenceEncoder } from './load.ts';

const folder = new URL('../../../public/models/sentence-encoder/', import.meta.url);
const fromDisk = async (address: string) => new Response(readFileSync(new URL(address)));

let encoder: SentenceEncoder;
beforeAll(async () => {
  encoder = await loadSentenceEncoder({ folder: folder.href, fetch: fromDisk });
});

const floats = (base64: string) => new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);

test('q, k and v equal the package’s own tensors, at the first, middle and last positions', () => {
  const { heads, headDim, normEpsilon } = encoder.manifest.model;
  expect(fixture.cases.some(({ rows }) => rows.includes(127))).toBe(true);
  let largest = 0;
  let compared = 0;
  for (const { ids, rows, ...parts } of fixture.cases) {
    const inputs = { ids: tensor('i32', [ids.length], ids), ...encoder.weights };
    const config = sentenceEncoder.resolve({ heads, normEpsilon }, inputs);
    const outputs = sentenceEncoder.reference(config, inputs);
    for (const name of ['q', 'k', 'v'] as const) {
      expect(outputs[name]!.shape).toEqual([1, ids.length, heads, headDim]);
      const expected = floats(parts[name]);
      expect(expected.length).toBe(rows.length * heads * headDim);
      for (const [at, row] of rows.entries()) {
        for (let c = 0; c < heads * headDim; c++) {
          const error = Math.abs(outputs[name]!.data[row * heads * headDim + c]! - expected[at * heads * headDim + c]!);
          largest = Math.max(largest, error);
          compared++;
        }
      }
    }
  }
  console.log(`${compared} numbers of the package, largest difference ${largest.toExponential(2)}`);
  expect(compared).toBeGreaterThan(5000);
  expect(largest).toBeLessThan(2e-5);
});

test('the package scales q as attention does by default', () => {
  const { headDim, queryScale } = encoder.manifest.model;
  expect(queryScale).toBe(1 / Math.sqrt(headDim));
});

test('a size that nobody gives is asked for by its key', () => {
  const sizes = { n: 3, vocabularySize: 5, width: 8, headDim: 2 };
  for (const field of ['n', 'vocabularySize', 'width', 'headDim']) {
    expect(() => sentenceEncoder.resolve({ ...sizes, [field]: undefined })).toThrow(
      expect.objectContaining({ code: 'bad-config', field }),
    );
  }
  expect(sentenceEncoder.resolve(sizes)).toMatchObject({ ...sizes, heads: 4 });
});
