// Our kernels, by the engine's own plans and buffers; dispatched back to back, as the libraries do theirs.

import { mechanisms } from '../../gpu/mechanisms/all.ts';
import { models } from '../../gpu/model/all.ts';
import type { Experiment } from '../../gpu/runtime/api.ts';
import type { DeviceContext } from '../../gpu/runtime/device/device.ts';
import { encode, prepare, type ReadyJob } from '../../gpu/runtime/device/execute.ts';
import { JobQueue } from '../../gpu/runtime/device/job-queue.ts';
import { resolve } from '../../gpu/runtime/run/experiment.ts';
import { PlanSession, partPasses, WHOLE } from '../../gpu/runtime/run/session.ts';
import type { Contestant, Entry } from '../contestant.ts';
import { LAYERNORM_EPSILON, type Problem } from '../problem.ts';

/** The experiment that solves a problem, and the shapes of its inputs. */
export function experimentOf({ kind, shape, causal }: Problem): {
  experiment: Experiment;
  shapes: Record<string, number[]>;
  output: string;
} {
  switch (kind) {
    case 'attention': {
      const four = [1, ...shape];
      const experiment = { mechanism: 'attention', variant: 'flash-v2-tuned', config: { causal } };
      return { experiment, shapes: { q: four, k: four, v: four }, output: 'out' };
    }
    case 'gemm': {
      const [m, k, n] = shape as [number, number, number];
      const experiment = { mechanism: 'matmul', variant: 'tuned', config: {} };
      return { experiment, shapes: { a: [m, k], b: [k, n] }, output: 'c' };
    }
    case 'prefix-sum':
      return {
        experiment: { mechanism: 'prefix-scan', variant: 'tuned', config: {} },
        shapes: { x: shape },
        output: 'y',
      };
    case 'softmax':
      return {
        experiment: { mechanism: 'softmax', variant: 'tuned', config: {} },
        shapes: { x: shape },
        output: 'out',
      };
    case 'layernorm': {
      const row = [shape[1]!];
      const experiment = { mechanism: 'layernorm', variant: 'tuned', config: { epsilon: LAYERNORM_EPSILON } };
      return { experiment, shapes: { x: shape, scale: row, bias: row }, output: 'out' };
    }
  }
}

/** Plan, kernels and inputs of our solution. */
export function planOf(context: DeviceContext, problem: Problem, experiment = experimentOf(problem).experiment) {
  const inputs = Object.fromEntries(
    Object.entries(experimentOf(problem).shapes).map(([name, shape]) => [
      name,
      { dtype: 'f32' as const, shape, data: problem.inputs[name]! },
    ]),
  );
  return resolve({ mechanisms, models }, experiment, inputs, context.facts.limits);
}

/** @param experiment in place of the usual one, e.g. with edited kernels */
export async function enterOurs(context: DeviceContext, problem: Problem, experiment?: Experiment): Promise<Entry> {
  const { output } = experimentOf(problem);
  const resolved = planOf(context, problem, experiment);
  const session = await PlanSession.open(context, resolved, new JobQueue());
  const { plan } = resolved;
  // `using` lends the jobs until its callback ends: it ends when the entry is disposed.
  let release = () => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  const ready = await new Promise<ReadyJob[]>((resolveReady, reject) => {
    session
      .using(partPasses(WHOLE, plan.parts, plan.passes.length), undefined, async (runnable) => {
        resolveReady(await prepare(context, runnable.jobs));
        await released;
      })
      .catch(reject);
  });
  const { device } = context;
  return {
    async run(times) {
      const encoder = device.createCommandEncoder();
      for (let time = 0; time < times; time++) {
        const pass = encoder.beginComputePass();
        for (const job of ready) encode(pass, job);
        pass.end();
      }
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
    },
    read: async () => (await session.read(output)).data,
    dispose() {
      release();
      session.dispose();
    },
  };
}

export const ours = (context: DeviceContext): Contestant => ({
  name: 'Tilescope',
  webgpu: true,
  enter: (problem) => enterOurs(context, problem),
});
