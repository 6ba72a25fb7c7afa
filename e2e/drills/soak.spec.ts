// Re-running and playing for a long time: memory of the GPU and of the page stays where it was, and nothing is fetched any more.
// A short form by default; `npm run soak` sets SOAK_SECONDS to ten minutes.

import type { Page } from '@playwright/test';
import { openPage } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, expectLive, nextSeed, stageOf } from './live-page.ts';
import { engineWorker, withWorkerPrelude } from './worker-prelude.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 30);
/** Until code is compiled and caches are full: what grows in the first runs is no leak. */
const WARM_UP_RUNS = 12;
/** Runs between two looks at the page's memory. */
const COURSE_RUNS = 10;
/** How far memory may stray from where it stood, per cent. */
const FLAT = 5;

/** Sums the sizes of the buffers that are not destroyed. A collected buffer that was never destroyed counts as a leak. */
const COUNTED_BUFFERS = `
self.soak = { bytes: 0, buffers: 0 };
const createBuffer = GPUDevice.prototype.createBuffer;
GPUDevice.prototype.createBuffer = function (descriptor) {
  self.soak.bytes += descriptor.size;
  self.soak.buffers++;
  return createBuffer.call(this, descriptor);
};
const destroyed = new WeakSet();
const destroy = GPUBuffer.prototype.destroy;
GPUBuffer.prototype.destroy = function () {
  if (!destroyed.has(this)) {
    destroyed.add(this);
    self.soak.bytes -= this.size;
    self.soak.buffers--;
  }
  return destroy.call(this);
};
`;

interface Memory {
  gpuBytes: number;
  pageBytes: number;
}

/**
 * Bytes of the page's objects, strings and arrays, after a collection. Compiled code is left out, which the browser makes for minutes
 * and drops again as it sees fit, and so are the browser's own lists, such as the performance timeline.
 */
async function pageBytesOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  const { snapshot, nodes, strings } = JSON.parse(chunks.join('')) as {
    snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
    nodes: number[];
    strings: string[];
  };
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field)) as [
    number,
    number,
    number,
  ];
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[0][nodes[at + type]!]!;
    const isArray = /ArrayBuffer/.test(strings[nodes[at + name]!]!);
    if (kind !== 'code' && (kind !== 'native' || isArray)) bytes += nodes[at + size]!;
  }
  return bytes;
}

async function memoryOf(page: Page): Promise<Memory> {
  const gpuBytes = await engineWorker(page).evaluate(
    () => (globalThis as unknown as { soak: { bytes: number } }).soak.bytes,
  );
  return { gpuBytes, pageBytes: await pageBytesOf(page) };
}

/** A whole chain: recording, comparison, parity, timing; with playback at full speed meanwhile. */
async function runOnce(page: Page): Promise<void> {
  await nextSeed(page);
  const numbers = page.getByRole('region', { name: 'Numbers' });
  await expect(stageOf(page).locator('.story')).not.toHaveClass(/stale/, { timeout: 45_000 });
  await expect(numbers.getByRole('region', { name: 'Timing' })).toContainText('repeat', { timeout: 45_000 });
  const play = page.getByRole('button', { name: 'Play', exact: true });
  if (await play.isVisible()) await play.click();
  await page.waitForTimeout(1500);
}

const percent = (now: number, before: number) => (100 * (now - before)) / before;

test(`memory is flat over ${SECONDS} s of re-running and playback, and nothing is fetched`, async ({
  page,
  watched,
}) => {
  test.setTimeout((SECONDS + 240) * 1000);
  await withWorkerPrelude(page, COUNTED_BUFFERS);
  await openPage(page, '#v=1&in=random&nq=48&nk=48&speed=8');
  await expectLive(page);
  for (let run = 0; run < WARM_UP_RUNS; run++) await runOnce(page);
  const requests = watched.requests.length;
  const before = await memoryOf(page);
  const end = performance.now() + SECONDS * 1000;
  let runs = 0;
  const course: number[] = [];
  while (performance.now() < end) {
    await runOnce(page);
    runs++;
    if (runs % COURSE_RUNS === 0) course.push((await memoryOf(page)).pageBytes);
  }
  const after = await memoryOf(page);
  const gpu = percent(after.gpuBytes, before.gpuBytes);
  const heap = percent(after.pageBytes, before.pageBytes);
  console.log(
    `soak: ${runs} runs in ${SECONDS} s; GPU ${before.gpuBytes} → ${after.gpuBytes} B (${gpu.toFixed(1)} %), ` +
      `page ${before.pageBytes} → ${after.pageBytes} B (${heap.toFixed(1)} %); ` +
      `page after every ${COURSE_RUNS} runs, kB: ${course.map((bytes) => Math.round(bytes / 1000)).join(' ')}`,
  );
  expect(runs).toBeGreaterThan(2);
  expect(gpu, 'GPU bytes').toBeLessThanOrEqual(FLAT);
  expect(heap, 'page heap').toBeLessThanOrEqual(FLAT);
  // Without the service worker, which this test does without, two kinds of the site's own files come again from the browser's cache:
  // the scripts of each parity check's worker, and the tab's icon, which Chromium asks for whenever the address changes.
  const own = /\/(assets\/[\w.-]*\.js|icon\.svg)$/;
  const fetched = watched.requests.slice(requests).filter((address) => !own.test(address));
  expect(fetched).toEqual([]);
  await expectAlive(page);
});
