import { afterAll, beforeAll, expect, test } from 'vitest';
import { normalTensor } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import { checkRun, engineOf } from '../../define/testing/holds.ts';
import type { Engine } from '../../runtime/api.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { positions } from './positions.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(positions);
});
afterAll(() => engine.dispose());

const rotated = { batch: 1, heads: 2, seqlen: 5, dim: 8 };
const run = (variant: string, config: object, inputs = {}, sources = {}) =>
  engine.run({ mechanism: 'positions', variant, config, sources }, { inputs });

test.each([0, 4095, 1_000_003, 2 ** 30 - 8])('no digit is lost at position %d', async (position) => {
  const variant = (id: string) => positions.variants.find((each) => each.id === id)!;
  for (const raw of [{ style: 'half' }, { style: 'interleaved', scaling: 'linear', factor: 8 }])
    await checkRun(engine, positions, variant('rope'), { ...rotated, ...raw, position }, 3e-7);
  await checkRun(engine, positions, variant('sinusoidal'), { seqlen: 5, dim: 9, style: 'marian', position }, 3e-7);
});

test('given positions, shared by all sequences or not, repeated, out of order, far', async () => {
  for (const rows of [1, 2]) {
    const given = { positions: tensor('i32', [rows, 5], [7, 7, 0, 123_456, 3, 9, 1, 2, 30, 4].slice(0, 5 * rows)) };
    const inputs = { q: normalTensor(1, 'q', [2, 2, 5, 8]), k: normalTensor(1, 'k', [2, 1, 5, 8]), ...given };
    for (const scaling of ['default', 'dynamic'])
      expect(
        await relativeError(engine, positions, 'rope', { scaling, factor: 2, style: 'half' }, inputs),
      ).toBeLessThan(1e-6);
  }
});

test('rotation keeps every pair’s length, and products of rows depend on how far apart they are alone', async () => {
  const x = normalTensor(1, 'x', [1, 1, 1, 8]);
  const y = normalTensor(2, 'x', [1, 1, 1, 8]);
  const at = async (each: typeof x, position: number) =>
    (await run('rotate', { style: 'half', position }, { x: each })).outputs.y!.data;
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
  expect(dot(await at(x, 911), await at(x, 911))).toBeCloseTo(dot(x.data, x.data), 5);
  const near = dot(await at(x, 40), await at(y, 3));
  for (const shift of [17, 100_000]) expect(dot(await at(x, 40 + shift), await at(y, 3 + shift))).toBeCloseTo(near, 5);
});

test('a session rotates one row more at a time, into its row of a cache, as all rows at once', async () => {
  const x = normalTensor(1, 'x', [1, 2, 5, 8]);
  const config = { style: 'half', rotaryDim: 4 };
  const whole = await run('rotate', config, { x });
  const session = await engine.open({ mechanism: 'positions', variant: 'rotate', config }, { inputs: { x } });
  for (let row = 0; row < 5; row++) {
    const data = Float32Array.from({ length: 80 }, (_, i) => {
      const [head, at] = [Math.floor(i / 40), i % 40];
      return at < 8 ? x.data[head * 40 + row * 8 + at]! : Number.NaN;
    });
    await session.run('run', {
      inputs: { x: { ...x, data } },
      params: { position: row, tokens: 1, y_row: row },
    });
    const { data: y } = await session.read('y');
    for (const head of [0, 1]) {
      const own = (all: ArrayLike<number>) => Array.from(all).slice(head * 40 + row * 8, head * 40 + row * 8 + 8);
      expect(own(y), `row ${row}`).toEqual(own(whole.outputs.y!.data));
    }
  }
  session.dispose();
});

const half = { ...rotated, style: 'half' };
test.each([
  ['a sign', 'rope', 'rotate.wgsl', half, '-b * sine', 'b * sine'],
  ['the other layout', 'rope', 'rotate.wgsl', half, 'select(unit + PAIRS', 'select(unit + 1u'],
  ['whole 2⁻³² turns only', 'rope', 'rotate.wgsl', { ...half, position: 2 ** 24 }, '+ high.x * high.y', ''],
  [
    'a mask that is not counted',
    'alibi',
    'alibi.wgsl',
    { batch: 1, heads: 3, seqlen: 130, style: 'bloom' },
    'before += mask',
    'before += 1',
  ],
  [
    'a phase',
    'sinusoidal',
    'sinusoid.wgsl',
    { seqlen: 3, dim: 5, style: 'marian' },
    'columns[2u * width + column]',
    'columns[column] * 0u',
  ],
])('%s changes the result', async (_, variant, file, config, from, to) => {
  const { wgsl } = positions.variants.find(({ id }) => id === variant)!.kernels.find((each) => each.file === file)!;
  const faulty = wgsl.replace(from, to);
  expect(faulty).not.toBe(wgsl);
  const [right, wrong] = [await run(variant, config), await run(variant, config, {}, { [file]: faulty })];
  const name = { rope: 'k_rot', alibi: 'bias', sinusoidal: 'table' }[variant]!;
  expect(wrong.outputs[name]!.data).not.toEqual(right.outputs[name]!.data);
});
