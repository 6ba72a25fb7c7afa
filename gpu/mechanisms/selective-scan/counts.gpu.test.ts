// What the recorder counted: combines of the parallel scans, reads of B and C, states on record. `holds` has the traffic of every variant.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { expectRecordedTotals } from '../../testing/recorded-totals.ts';
import type { Trace } from '../../trace/trace.ts';
import { selectiveScan } from './selective-scan.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const oneState = (n: number) => {
  const flags = { hasD: false, hasZ: false, hasDeltaBias: false };
  return { batch: 1, dim: 1, dstate: 1, seqlen: n, scan: n, ...flags };
};

const combinesOf = async (variant: string, n: number): Promise<Trace> => {
  const { trace } = await engine.run({ mechanism: 'selective-scan', variant, config: oneState(n) }, { trace: true });
  return trace!;
};

/** Steps of that scan whose |Δ A| is at most 0.5. */
function slowSteps(n: number): number {
  const { delta, A } = selectiveScan.makeInputs(selectiveScan.resolve(oneState(n)), 1);
  return delta!.data.filter((value) => Math.abs(Math.log1p(Math.exp(value)) * A!.data[0]!) <= 0.5).length;
}

test('combines of one tile are n log₂ n − (n − 1) and 2 (n − 1), and two multiplications each', async () => {
  const found: string[] = [];
  for (const n of [8, 64]) {
    const log = Math.log2(n);
    const [hillis, blelloch] = [await combinesOf('hillis-steele', n), await combinesOf('blelloch', n)];
    expect(hillis.events.combine).toBe(n * log - (n - 1));
    expect(blelloch.events.combine).toBe(2 * (n - 1));
    found.push(`n = ${n}: ${hillis.events.combine} and ${blelloch.events.combine}`);
    // Of one time step besides: D u, Δ A, Δ u, · B, C h, and 8 in the series of softplus; 7 in that of the decay, where |Δ A| ≤ 0.5;
    // Hillis and Steele apply the carry once; Blelloch applies each lane’s own step.
    const series = 7 * slowSteps(n);
    expect(hillis.operations.multiply).toBe(2 * hillis.events.combine! + 13 * n + 1 + series);
    expect(blelloch.operations.multiply).toBe(2 * blelloch.events.combine! + 14 * n + series);
  }
  console.log(`combines (Hillis and Steele, Blelloch): ${found.join('; ')}`);
});

test('the depth is log₂ n rounds one way, 2 log₂ n the other', async () => {
  for (const n of [8, 64]) {
    const rounds = (trace: Trace, names: string[]) => {
      const probe = trace.probes!.find(({ name }) => name === 'reach')!;
      expect(probe.values.length).toBe(trace.events.combine);
      const steps = new Set(Array.from(probe.step, (step) => `${trace.steps[step]!.site} ${trace.steps[step]!.visit}`));
      expect(names.length).toBeGreaterThan(0);
      return steps.size;
    };
    expect(rounds(await combinesOf('hillis-steele', n), ['combine-left'])).toBe(Math.log2(n));
    expect(rounds(await combinesOf('blelloch', n), ['up-sweep', 'down-sweep'])).toBe(2 * Math.log2(n));
  }
});

test('B and C are read once per channel block', async () => {
  for (const channels of [4, 32]) {
    const config = { batch: 1, dim: 32, dstate: 6, seqlen: 40, channels, time: 8 };
    const trace = await expectRecordedTotals(engine, selectiveScan, config);
    expect(trace.totals.find(({ buffer }) => buffer === 'bc')!.loads).toBe((32 / channels) * 2 * 6 * 40);
  }
});

test('probes hold the states that the definition has', async () => {
  const config = { batch: 1, dim: 3, dstate: 6, seqlen: 10, channels: 4, time: 8 };
  const resolved = selectiveScan.resolve(config);
  const inputs = selectiveScan.makeInputs(resolved, 1);
  const { trace } = await engine.run(
    { mechanism: 'selective-scan', variant: 'sequential', config },
    { inputs, trace: true },
  );
  const values = (name: string) => trace!.probes!.find((probe) => probe.name === name)!.values;
  expect(values('time')).toHaveLength(30);
  for (let i = 0; i < 30; i++) {
    const [channel, time] = [values('channel')[i]!, values('time')[i]!];
    // The state after `time` is the last state of a scan that stops there.
    const cut = { ...resolved, seqlen: time + 1 };
    const shortened = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => {
        if (shape.at(-1) !== 10) return [name, { data }];
        return [name, { data: data.filter((_, at) => at % 10 <= time) }];
      }),
    ) as typeof inputs;
    const last = selectiveScan.reference(cut, shortened).last_state!.data;
    for (let n = 0; n < 6; n++) {
      const found = values(`h${Math.floor(n / 4)}.${'xyzw'[n % 4]}`)[i]!;
      expect(Math.abs(found - last[channel * 6 + n]!)).toBeLessThan(1e-5);
    }
  }
});
