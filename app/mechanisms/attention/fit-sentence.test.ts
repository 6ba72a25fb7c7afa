import { expect, test } from 'vitest';
import { normalTensor } from '#gpu/core/random.ts';
import { DEFAULT_EXPERIMENT } from '../../state/stores/experiment.ts';
import { fitSentence, gainOf, tilesForLength } from './fit-sentence.ts';

/** WebGPU's guaranteed 16 KiB, and what most adapters have. */
const DEVICES = [16_384, 32_768].map((bytes) => ({ maxComputeWorkgroupStorageSize: bytes }));
/** As wide as the sentence encoder's heads. */
const HEAD_DIM = 64;
const lengthOf = (tokens: number) => ({ rows: tokens, keys: tokens, headDim: HEAD_DIM });

test.each(DEVICES)('tiles of a sentence move less than standard attention does, %o', (limits) => {
  for (const tokens of [5, 14, 23, 40, 60, 200]) {
    const tiles = tilesForLength(lengthOf(tokens), limits)!;
    expect(gainOf(lengthOf(tokens), tiles), `${tokens} tokens, ${tiles.br} × ${tiles.bc}`).toBeGreaterThan(1);
  }
});

test('lengths that nobody types get tiles that a kernel can have, too', () => {
  // More memory than any device has: then only the kernels' own bound is left.
  for (const limits of [...DEVICES, { maxComputeWorkgroupStorageSize: 2 ** 30 }])
    for (const tokens of [1, 1023, 1025, 4096])
      for (const headDim of [1, 16, 64]) {
        const tiles = tilesForLength({ rows: tokens, keys: tokens, headDim }, limits)!;
        expect(tiles.br).toBeLessThanOrEqual(1024);
        expect(tiles.bc).toBeLessThanOrEqual(1024);
      }
});

test('the first page has two tiles of queries, whatever the device, and no more than sixteen of keys', () => {
  const tokens = DEFAULT_EXPERIMENT.text.split(' ').length;
  for (const limits of DEVICES) {
    const { br, bc } = tilesForLength(lengthOf(tokens), limits)!;
    expect(Math.ceil(tokens / br)).toBe(2);
    expect(Math.ceil(tokens / bc)).toBeLessThanOrEqual(16);
  }
});

test('more memory on chip means tiles that move less', () => {
  const [small, large] = DEVICES.map((limits) => gainOf(lengthOf(200), tilesForLength(lengthOf(200), limits)!));
  expect(large).toBeGreaterThan(1.4 * small!);
});

test('a size that somebody chose stays, and the other one fits beside it', () => {
  const [limits] = DEVICES;
  expect(tilesForLength(lengthOf(40), limits!, { br: 8, bc: 8 })).toEqual({ br: 8, bc: 8 });
  expect(tilesForLength(lengthOf(40), limits!, { br: 32 })).toEqual({ br: 32, bc: 3 });
  expect(tilesForLength(lengthOf(40), limits!, { bc: 8 })).toMatchObject({ bc: 8 });
  // Nothing fits: what was chosen says so when it runs.
  expect(tilesForLength(lengthOf(40), limits!, { br: 256 })).toBeNull();
});

test('as many heads are taken as were asked for: the first ones, whole', () => {
  const tensors = Object.fromEntries(['q', 'k', 'v'].map((name) => [name, normalTensor(1, name, [1, 5, 4, 8])]));
  const one = fitSentence({ tensors, config: { heads: 1 }, limits: {} }).tensors.k!;
  expect(one.shape).toEqual([1, 5, 1, 8]);
  for (let row = 0; row < 5; row++)
    expect([...one.data.subarray(row * 8, row * 8 + 8)]).toEqual([...tensors.k!.data.subarray(row * 32, row * 32 + 8)]);
  expect(fitSentence({ tensors, config: {}, limits: {} }).tensors).toEqual(tensors);
  expect(fitSentence({ tensors, config: { heads: 9 }, limits: {} }).tensors).toEqual(tensors);
});
