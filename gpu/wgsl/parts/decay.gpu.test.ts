// Both forms of the decay against float64: to the last digit where a scan raises it to a high power.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDevice, runDispatch } from '../testing/trace-kernel.ts';
import one from './decay.wgsl?raw';
import four from './decay-and-hold-four.wgsl?raw';

const MAIN = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> one: array<f32>;
@group(0) @binding(2) var<storage, read_write> four: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  one[id.x] = decay(x[id.x]);
  four[id.x] = decay(vec4f(x[id.x]))[id.x % 4u];
}
`;
/** Two functions of one name are none in WGSL. */
const scalar = one.replaceAll('fn decay(', 'fn decay_of_one(');

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.destroy());

/** Both forms at every x. */
async function decaysAt(x: Float32Array) {
  const wgsl = MAIN.replace('= decay(x[', '= decay_of_one(x[') + scalar + four;
  const [a, b] = [new Float32Array(x.length), new Float32Array(x.length)];
  const kernel = { wgsl, workgroups: [x.length / 64, 1, 1] as [number, number, number], data: { x, one: a, four: b } };
  const { outputs } = await runDispatch(device, kernel, wgsl);
  return [outputs.one!, outputs.four!].map((words) => new Float32Array(words.buffer, words.byteOffset, words.length));
}

/** Distance of the neighbours of a float32. */
const unit = (value: number) => 2 ** (Math.floor(Math.log2(value)) - 23);

test('up to |x| = 0.5 it is off by at most one unit in the last place, and to neither side', async () => {
  const count = 64 * 2048;
  for (const reach of [1e-7, 1e-3, 0.05, 0.5]) {
    const x = Float32Array.from({ length: count }, (_, i) => reach * (1 - (2 * i) / (count - 1)));
    for (const found of await decaysAt(x)) {
      let [worst, sum] = [0, 0];
      x.forEach((value, i) => {
        const off = (found[i]! - Math.exp(value)) / unit(Math.exp(value));
        worst = Math.max(worst, Math.abs(off));
        sum += off;
      });
      expect(worst, `|x| ≤ ${reach}`).toBeLessThanOrEqual(1);
      expect(Math.abs(sum / count), `|x| ≤ ${reach}, on average`).toBeLessThan(0.02);
    }
  }
});

test('further out it is as exact as WGSL demands of exp(), and 0 where float32 has nothing smaller', async () => {
  const x = Float32Array.from({ length: 64 * 64 }, (_, i) => -0.5 - i / 50);
  for (const found of await decaysAt(x))
    x.forEach((value, i) => {
      const want = Math.exp(value);
      expect(Math.abs(found[i]! - want), `${value}`).toBeLessThanOrEqual((3 + 2 * Math.abs(value)) * unit(want));
    });
  const [far] = await decaysAt(Float32Array.from({ length: 64 }, (_, i) => -(10 ** (2 + i / 2))));
  expect([...far!].every((value) => value >= 0 && value < 1e-38)).toBe(true);
});
