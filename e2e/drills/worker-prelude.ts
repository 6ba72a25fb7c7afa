// Faults inside the engine's worker: a few lines put in front of its script on the way to the page, so that the site itself carries no
// hook for them.

import type { Page, Worker } from '@playwright/test';
import { expect } from '../watched-page.ts';

// Eight characters of content hash; "worker-life" and its like are other files.
const ENGINE_WORKER = /\/assets\/worker-[\w-]{8}\.js$/;

/** Makes every engine worker of the page start with `prelude`, run before the engine asks for anything. Call before opening the page. */
export async function withWorkerPrelude(page: Page, prelude: string): Promise<void> {
  await page.route(ENGINE_WORKER, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${prelude}\n${await response.text()}` });
  });
}

/** The engine's worker that started last. */
export function engineWorker(page: Page): Worker {
  const worker = page.workers().findLast((each) => ENGINE_WORKER.test(each.url()));
  if (!worker) throw new Error('the page has no engine worker');
  return worker;
}

/** No WebGPU in the worker at all. */
export const NO_WEBGPU = `Object.defineProperty(WorkerNavigator.prototype, 'gpu', { get: () => undefined });`;

/** WebGPU without an adapter. */
export const NO_ADAPTER = `GPU.prototype.requestAdapter = async () => null;`;

/** Makes the worker's devices and its end reachable as `drill`: see strikeMidRun. */
export const DRILL = `
self.drill = { devices: [], submits: 0, strikeAt: 0, strike() {} };
const requestDevice = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await requestDevice.apply(this, args);
  self.drill.devices.push(device);
  return device;
};
const submit = GPUQueue.prototype.submit;
GPUQueue.prototype.submit = function (...args) {
  self.drill.submits++;
  if (self.drill.submits === self.drill.strikeAt) self.drill.strike();
  return submit.apply(this, args);
};
`;

export interface Drill {
  devices: GPUDevice[];
  submits: number;
  strikeAt: number;
  strike(): void;
}

export type Fault = 'device' | 'crash' | 'close';

/** Nothing is sent to the device any more: what is run beside a run, its timing above all, is over. Needs DRILL. */
async function untilAtRest(worker: Worker): Promise<void> {
  const sent = () => worker.evaluate(() => (globalThis as unknown as { drill: Drill }).drill.submits);
  await expect(async () => {
    const before = await sent();
    await new Promise((done) => setTimeout(done, 1000));
    expect(await sent()).toBe(before);
  }).toPass({ timeout: 60_000 });
}

/** In the midst of the next run, after its inputs went up and before all of it is read back, the fault strikes. Needs DRILL. */
export async function strikeMidRun(worker: Worker, fault: Fault): Promise<void> {
  await untilAtRest(worker);
  await worker.evaluate((wanted) => {
    const { drill } = globalThis as unknown as { drill: Drill };
    drill.strikeAt = drill.submits + 4;
    drill.strike = () => {
      if (wanted === 'device') drill.devices.at(-1)!.destroy();
      if (wanted === 'close') globalThis.close();
      if (wanted === 'crash') {
        setTimeout(() => {
          throw new Error('crashed in a drill');
        });
      }
    };
  }, fault);
}

/** A device without timestamps. */
export const NO_CLOCK = `
const features = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'features').get;
Object.defineProperty(GPUAdapter.prototype, 'features', {
  get() {
    return new Set([...features.call(this)].filter((name) => name !== 'timestamp-query'));
  },
});
`;

/** Timestamps that advance in steps of \`quantumNs\`. Timestamps are read from the engine's only buffers without a label. */
export const coarseClock = (quantumNs: number): string => `
const mapped = GPUBuffer.prototype.getMappedRange;
GPUBuffer.prototype.getMappedRange = function (...args) {
  const range = mapped.apply(this, args);
  if (this.label !== '') return range;
  const stamps = new BigUint64Array(range);
  stamps.forEach((stamp, i) => { stamps[i] = stamp - (stamp % ${quantumNs}n); });
  return range;
};
`;
