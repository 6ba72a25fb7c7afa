// The graphics device, its process, or the worker that holds it goes away: the run is made again, or offered again, and nothing of the
// page is lost.

import { fingerprintOf, openPage, rewind } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, expectLive, nextSeed, RANDOM, stageOf } from './live-page.ts';
import { DEVICES_IN_REACH, engineWorker, withWorkerPrelude } from './worker-prelude.ts';

interface Drill {
  drill: { devices: GPUDevice[]; submits: number; loseAt?: number };
}

test('a device lost in mid-run: the same run is made again on a new one', async ({ page }) => {
  await withWorkerPrelude(page, DEVICES_IN_REACH);
  await openPage(page, RANDOM);
  await expectLive(page);
  await rewind(page);
  const numbers = page.getByRole('region', { name: 'Numbers' });
  await expect(numbers).toContainText(/allowed/, { timeout: 30_000 });
  const worker = engineWorker(page);
  // In the midst of the next run: after its inputs went up, before all of it is read back.
  await worker.evaluate(() => {
    const { drill } = globalThis as unknown as Drill;
    drill.loseAt = drill.submits + 4;
  });
  const seed = await nextSeed(page);
  await expect(stageOf(page)).toContainText(/the GPU device was lost.*run again/, { timeout: 30_000 });
  await expectLive(page);
  const devices = await worker.evaluate(() => (globalThis as unknown as Drill).drill.devices.length);
  expect(devices).toBe(2);
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(seed);
  await expectAlive(page);
  await expect(numbers).toContainText(/allowed/, { timeout: 30_000 });
});

test('a device lost between two runs: the next run opens another and says so', async ({ page }) => {
  await withWorkerPrelude(page, DEVICES_IN_REACH);
  await openPage(page, RANDOM);
  await expectLive(page);
  await engineWorker(page).evaluate(() => (globalThis as unknown as Drill).drill.devices.at(-1)!.destroy());
  await nextSeed(page);
  await expect(stageOf(page)).toContainText(/the GPU device was lost/, { timeout: 30_000 });
  await expectLive(page);
  await expectAlive(page);
});

test('the GPU process crashes: the page is back with a run, or offers it', async ({ page, browser }) => {
  await openPage(page, RANDOM);
  await expectLive(page);
  await rewind(page);
  const picture = await fingerprintOf(stageOf(page));
  const session = await browser.newBrowserCDPSession();
  // Does not answer when it works: the process that would is gone.
  void session.send('Browser.crashGpuProcess').catch(() => {});
  // The browser takes the canvases' surfaces away with the process; the page paints the same picture on new ones.
  await page.waitForTimeout(1000);
  await expect.poll(() => fingerprintOf(stageOf(page)), { timeout: 20_000 }).toBe(picture);
  await nextSeed(page);
  const again = stageOf(page).getByRole('button', { name: 'Try again' });
  await expect(stageOf(page)).toContainText(/lost|adapter/, { timeout: 30_000 });
  await expect(async () => {
    if (await again.isVisible()) await again.click();
    await expect(stageOf(page).locator('.story')).not.toHaveClass(/stale/, { timeout: 4000 });
  }).toPass({ timeout: 45_000 });
  await expectAlive(page);
});

const ENDS: [how: string, end: () => void][] = [
  [
    'crashes',
    () =>
      setTimeout(() => {
        throw new Error('drill');
      }),
  ],
  ['closes without a word', () => globalThis.close()],
];

for (const [how, end] of ENDS) {
  test(`the engine's worker ${how} in mid-run: another is started and runs it again`, async ({ page }) => {
    await openPage(page, RANDOM);
    await expectLive(page);
    await rewind(page);
    const seed = await nextSeed(page);
    await expect(stageOf(page).locator('.story')).toHaveClass(/stale/);
    await engineWorker(page).evaluate(end);
    await expect(stageOf(page)).toContainText(/the engine's worker stopped/, { timeout: 30_000 });
    await expectLive(page);
    await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(seed);
    await expectAlive(page);
  });
}
