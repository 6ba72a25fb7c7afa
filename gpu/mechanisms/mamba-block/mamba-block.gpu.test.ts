import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Tensor, tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { mambaBlock } from './mamba-block.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const sizes = { batch: 2, dim: 12, dstate: 5, deltaRank: 3, width: 4, outDim: 7 };

test('the block equals float64 over lengths, widths, flags and both kinds of input', async () => {
  for (const [i, seqlen] of [1, 2, 3, 31, 32, 33, 130, 257].entries()) {
    const raw = {
      ...sizes,
      seqlen,
      width: 1 + (i % 4),
      inProj: i % 2 === 0,
      dModel: 6,
      hasD: i % 3 !== 0,
      hasConvBias: i % 3 !== 1,
      hasDeltaBias: i !== 3,
      discretization: i % 2 ? 'zoh' : 'euler',
      mode: i === 6 ? 's4' : 's6',
      channels: 8,
      time: 8,
    };
    expect(await relativeError(engine, mambaBlock, 'fused', raw), JSON.stringify(raw)).toBeLessThan(3e-6);
  }
});

/** Time steps [from, to) of a tensor whose time axis is `axis`. */
function timeSlice({ shape, data }: Tensor, axis: 1 | 2, from: number, to: number): Tensor {
  const [a, b, c] = shape as [number, number, number];
  const length = to - from;
  const values: number[] = [];
  const [rows, columns] = axis === 1 ? [length, c] : [b, length];
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < rows; j++) {
      for (let k = 0; k < columns; k++) {
        values.push(axis === 1 ? data[(i * b + from + j) * c + k]! : data[(i * b + j) * c + from + k]!);
      }
    }
  }
  return tensor('f32', axis === 1 ? [a, length, c] : [a, b, length], values);
}

for (const inProj of [false, true]) {
  test(`prefill and token by token decode equals the whole scan, from ${inProj ? 'hidden states' : 'xz'}`, async () => {
    const total = 40;
    const raw = { ...sizes, inProj, dModel: 6 };
    const config = mambaBlock.resolve({ ...raw, seqlen: total });
    const inputs = mambaBlock.makeInputs(config, 4);
    const whole = mambaBlock.reference(config, inputs).out!;
    const [name, axis] = inProj ? (['hidden_states', 1] as const) : (['xz', 2] as const);
    for (const start of [1, 2, 33]) {
      const prompt = timeSlice(inputs[name]!, axis, 0, start);
      const session = await engine.open(
        { mechanism: 'mamba-block', variant: 'fused', config: raw },
        { inputs: { ...inputs, [name]: prompt } },
      );
      const caches = session.bytes.conv_state! + session.bytes.ssm_state!;
      expect(caches).toBe(4 * sizes.batch * sizes.dim * (sizes.dstate + sizes.width - 1));
      const compare = (found: Tensor, from: number, to: number) => {
        const expected = timeSlice(
          { dtype: 'f32', shape: whole.shape, data: Float32Array.from(whole.data) },
          1,
          from,
          to,
        );
        expect(found.shape).toEqual(expected.shape);
        found.data.forEach((value, i) => {
          expect(Math.abs(value - expected.data[i]!), `from ${start}, at ${from}`).toBeLessThan(1e-5);
        });
      };
      compare((await session.run('prefill')).outputs.out!, 0, start);
      for (let t = start; t < total; t++) {
        const token = timeSlice(inputs[name]!, axis, t, t + 1);
        const run = await session.run('step', { inputs: { [`${name}_step`]: token } });
        compare(run.outputs.out_step!, t, t + 1);
      }
      session.dispose();
    }
  });
}

test('the caches of a decode step do not grow with the length', async () => {
  const bytes: number[] = [];
  for (const seqlen of [8, 64, 512]) {
    const session = await engine.open({ mechanism: 'mamba-block', variant: 'fused', config: { ...sizes, seqlen } });
    bytes.push(session.bytes.conv_state! + session.bytes.ssm_state!);
    session.dispose();
  }
  expect(new Set(bytes).size).toBe(1);
});
