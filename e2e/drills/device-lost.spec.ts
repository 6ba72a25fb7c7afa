// The graphics device, its process, or the worker that holds it goes away: the run is made again, or offered again, and nothing of the
// page is lost.

import { coloursIn, openPage, rewind } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, expectLive, nextSeed, RANDOM, stageOf } from './live-page.ts';
import { DRILL, type Drill, engineWorker, type Fault, strikeMidRun, withWorkerPrelude } from './worker-prelude.ts';

test.setTimeout(120_000);

const devicesOf = () => (globalThis as unknown as { drill: Drill }).drill.devices.length;

test('a device lost in mid-run: the same run is made again on a new one', async ({ page }) => {
  await withWorkerPrelude(page, DRILL);
  await openPage(page, RANDOM);
  await expectLive(page);
  await rewind(page);
  const numbers = page.getByRole('region', { name: 'Numbers' });
  await expect(numbers).toContainText(/allowed/, { timeout: 30_000 });
  const worker = engineWorker(page);
  await strikeMidRun(worker, 'device');
  const seed = await nextSeed(page);
  await expect(stageOf(page)).toContainText(/the GPU device was lost.*run again/, { timeout: 30_000 });
  await expectLive(page);
  expect(await worker.evaluate(devicesOf)).toBe(2);
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(seed);
  await expectAlive(page);
  await expect(numbers).toContainText(/allowed/, { timeout: 30_000 });
});

test('a device lost between two runs: the next run opens another and says so', async ({ page }) => {
  await withWorkerPrelude(page, DRILL);
  await openPage(page, RANDOM);
  await expectLive(page);
  await engineWorker(page).evaluate(() => (globalThis as unknown as { drill: Drill }).drill.devices.at(-1)!.destroy());
  await nextSeed(page);
  await expect(stageOf(page)).toContainText(/the GPU device was lost/, { timeout: 30_000 });
  await expectLive(page);
  await expectAlive(page);
});

test('the GPU process crashes: the page is back with a run, or offers it', async ({ page, browser }) => {
  await openPage(page, RANDOM);
  await expectLive(page);
  await rewind(page);
  const session = await browser.newBrowserCDPSession();
  // Does not answer when it works: the process that would is gone.
  void session.send('Browser.crashGpuProcess').catch(() => {});
  // The browser takes the canvases' surfaces away with the process; the page paints the same picture on new ones.
  // (Not pixel for pixel: without a GPU process lines are smoothed differently.)
  await page.waitForTimeout(1000);
  await expect.poll(() => coloursIn(stageOf(page)), { timeout: 20_000 }).toBeGreaterThan(4);
  await nextSeed(page);
  const again = stageOf(page).getByRole('button', { name: 'Try again' });
  await expect(stageOf(page)).toContainText(/lost|adapter/, { timeout: 30_000 });
  await expect(async () => {
    if (await again.isVisible()) await again.click();
    await expect(stageOf(page).locator('.story')).not.toHaveClass(/stale/, { timeout: 4000 });
  }).toPass({ timeout: 45_000 });
  await expectAlive(page);
});

const ENDS: [how: string, fault: Fault][] = [
  ['crashes', 'crash'],
  ['closes without a word', 'close'],
];

for (const [how, fault] of ENDS) {
  test(`the engine's worker ${how} in mid-run: another is started and runs it again`, async ({ page }) => {
    await withWorkerPrelude(page, DRILL);
    await openPage(page, RANDOM);
    await expectLive(page);
    await expect(page.getByRole('region', { name: 'Numbers' })).toContainText(/allowed/, { timeout: 30_000 });
    await rewind(page);
    await strikeMidRun(engineWorker(page), fault);
    const seed = await nextSeed(page);
    await expect(stageOf(page)).toContainText(/the engine's worker stopped.*run again/, { timeout: 30_000 });
    await expectLive(page);
    await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(seed);
    await expectAlive(page);
  });
}
