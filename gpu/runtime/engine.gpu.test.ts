import { expect, test, vi } from 'vitest';
import { mechanisms } from '../mechanisms/all.ts';
import { models } from '../model/all.ts';
import { DirectEngine } from './engine.ts';
import { affine } from './testing/affine.ts';
import { describeEngine } from './testing/conformance.ts';

const catalogue = { mechanisms: new Map([...mechanisms, [affine.id, affine]]), models };

describeEngine('the direct engine', async () => {
  const engine = await DirectEngine.open({}, catalogue);
  return {
    engine,
    loseDevice: async () => engine.context.device.destroy(),
    counts: async () => engine.context.buffers.counts,
  };
});

test('a disposed engine refuses to run', async () => {
  const engine = await DirectEngine.open({}, catalogue);
  const session = await engine.open({ mechanism: 'affine', variant: 'direct', config: { n: 1 } });
  engine.dispose();
  engine.dispose();
  await expect(engine.run({ mechanism: 'affine', variant: 'direct', config: { n: 1 } })).rejects.toMatchObject({
    code: 'disposed',
  });
  await expect(session.run('run')).rejects.toMatchObject({ code: 'disposed' });
});

test('equal kernels are compiled once', async () => {
  const engine = await DirectEngine.open({}, catalogue);
  for (const n of [3, 400, 5]) await engine.run({ mechanism: 'affine', variant: 'direct', config: { n } });
  expect(engine.context.pipelines.compilations).toBe(1);
  await engine.run({ mechanism: 'affine', variant: 'direct', config: { n: 3, lanes: 32 } });
  expect(engine.context.pipelines.compilations).toBe(2);
  engine.dispose();
});

test('runs that find the device lost at the same time share the new one', async () => {
  const engine = await DirectEngine.open({}, catalogue);
  const opened = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
  try {
    const { device } = engine.context;
    device.destroy();
    await device.lost;
    const runs = [1, 2, 3].map((n) => engine.run({ mechanism: 'affine', variant: 'direct', config: { n } }));
    for (const [i, { outputs }] of (await Promise.all(runs)).entries()) expect(outputs.y!.data.length).toBe(i + 1);
    expect(opened).toHaveBeenCalledTimes(1);
  } finally {
    opened.mockRestore();
    engine.dispose();
  }
});
