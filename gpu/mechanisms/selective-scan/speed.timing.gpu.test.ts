// How long scans take on this device: the exponent over the length, and against a plain JavaScript loop. Prints what it measured.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { selectiveScan } from './selective-scan.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

// Other work on the machine can only add to a time: the lowest sample is the one to fit.
const lowest = (values: number[]) => Math.min(...values);

/**
 * Whether other work disturbs the samples: the same job then takes far longer than at its best in half of them. Such times say
 * something about the machine, not about a kernel, so they are printed and not judged.
 */
function isBusy(label: string, samples: readonly (readonly number[])[]): boolean {
  const spread = (times: readonly number[]) =>
    [...times].sort((a, b) => a - b)[times.length >> 1]! / lowest([...times]);
  const worst = Math.max(...samples.map(spread));
  if (worst > 1.25)
    console.log(`${label}: no verdict, the machine is busy (median ${worst.toFixed(2)} × the lowest sample)`);
  return worst > 1.25;
}

/** Least-squares slope of log y over log x. */
function exponent(x: number[], y: number[]): number {
  const [lx, ly] = [x.map(Math.log), y.map(Math.log)];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(lx), mean(ly)];
  const up = lx.reduce((sum, value, i) => sum + (value - mx) * (ly[i]! - my), 0);
  return up / lx.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

test('time grows linearly with the length', async () => {
  const lengths = [512, 1024, 2048, 4096, 8192];
  const variants = ['sequential', 'chunked'];
  const config = { batch: 1, dim: 64, dstate: 16, chunk: 64 };
  const contestants = variants.flatMap((variant) =>
    lengths.map((seqlen) => ({ mechanism: 'selective-scan', variant, config: { ...config, seqlen } })),
  );
  const measured = await engine.measure(contestants, { rounds: 7, minSampleMs: 30 });
  for (const [i, variant] of variants.entries()) {
    const times = measured
      .slice(i * lengths.length, (i + 1) * lengths.length)
      .map(({ samplesMs }) => lowest(samplesMs));
    const slope = exponent(lengths, times);
    console.log(
      `${variant}: ${times.map((ms) => ms.toFixed(2)).join(', ')} ms at ${lengths.join(', ')}: exponent ${slope.toFixed(3)}`,
    );
    const samples = measured.slice(i * lengths.length, (i + 1) * lengths.length).map(({ samplesMs }) => samplesMs);
    if (!isBusy(variant, samples)) expect(Math.abs(slope - 1), variant).toBeLessThan(0.1);
  }
});

/** The scan as one would write it in JavaScript: float32 arrays, one channel after the other, no allocation in the loop. */
function scanInJavaScript(
  input: Record<string, Float32Array>,
  dim: number,
  dstate: number,
  seqlen: number,
): Float32Array {
  const { u, delta, A, B, C, D, z, delta_bias } = input as Record<string, Float32Array>;
  const out = new Float32Array(dim * seqlen);
  const h = new Float32Array(dstate);
  for (let d = 0; d < dim; d++) {
    h.fill(0);
    const [skip, bias, row, first] = [D![d]!, delta_bias![d]!, d * seqlen, d * dstate];
    for (let t = 0; t < seqlen; t++) {
      const x = delta![row + t]! + bias;
      const step = x > 20 ? x : Math.log(1 + Math.exp(x));
      const signal = u![row + t]!;
      const written = step * signal;
      let y = skip * signal;
      for (let n = 0; n < dstate; n++) {
        h[n] = Math.exp(step * A![first + n]!) * h[n]! + written * B![n * seqlen + t]!;
        y += h[n]! * C![n * seqlen + t]!;
      }
      const gate = z![row + t]!;
      out[row + t] = (y * gate) / (1 + Math.exp(-gate));
    }
  }
  return out;
}

test('the best variant beats a warmed-up JavaScript loop of the same scan', async () => {
  const config = { batch: 1, dim: 256, dstate: 16, seqlen: 1024 };
  const inputs = selectiveScan.makeInputs(selectiveScan.resolve(config), 1);
  const arrays = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data as Float32Array]));
  const { outputs } = await engine.run({ mechanism: 'selective-scan', variant: 'sequential-x4', config }, { inputs });
  const js = scanInJavaScript(arrays, 256, 16, 1024);
  js.forEach((value, i) => {
    if (Math.abs(value - outputs.out!.data[i]!) > 1e-4) expect.fail(`the loop and the kernel differ at ${i}`);
  });
  for (let i = 0; i < 8; i++) scanInJavaScript(arrays, 256, 16, 1024);
  // Alternating, so that both see the same machine.
  const times: Record<string, number[]> = { javascript: [], sequential: [], 'sequential-x4': [] };
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < 3; i++) scanInJavaScript(arrays, 256, 16, 1024);
    times.javascript!.push((performance.now() - start) / 3);
    const variants = ['sequential', 'sequential-x4'];
    const measured = await engine.measure(
      variants.map((variant) => ({ mechanism: 'selective-scan', variant, config })),
      { rounds: 3, minSampleMs: 30 },
    );
    for (const [i, variant] of variants.entries()) times[variant]!.push(lowest(measured[i]!.samplesMs));
  }
  const [loop, one, four] = [times.javascript!, times.sequential!, times['sequential-x4']!].map(lowest) as [
    number,
    number,
    number,
  ];
  console.log(
    `256 channels, 16 states, 1024 steps on ${engine.adapter.description || engine.adapter.vendor}: JavaScript ${loop.toFixed(1)} ms, ` +
      `sequential ${one.toFixed(1)} ms (${(loop / one).toFixed(2)}×), sequential-x4 ${four.toFixed(1)} ms (${(loop / four).toFixed(2)}×)`,
  );
  if (!isBusy('JavaScript and kernels', Object.values(times))) expect(loop / Math.min(one, four)).toBeGreaterThan(1.5);
});
