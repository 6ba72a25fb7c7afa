// Browsers and machines that are unlike the ones at hand: storage denied or full, two tabs, a tab in the background, a coarse clock or
// none.

import type { Locator } from '@playwright/test';
import { openPage, positionOf, rewind } from '../stage.ts';
import { expect, test, watch } from '../watched-page.ts';
import { expectAlive, expectLive, nextSeed, RANDOM, stageOf } from './live-page.ts';
import { coarseClock, NO_CLOCK, withWorkerPrelude } from './worker-prelude.ts';

const KEPT_NOTHING = /keeps nothing for this page/;

test('storage denied: the page says that nothing is kept, and all else works', async ({ page }) => {
  await page.addInitScript(() => {
    const denied = () => {
      throw new DOMException('Storage is denied', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage', 'caches', 'indexedDB'])
      Object.defineProperty(window, name, { get: denied });
    ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
  });
  await openPage(page, RANDOM);
  await expect(stageOf(page)).toContainText(KEPT_NOTHING);
  await expectLive(page);
  await page.getByRole('button', { name: /^Theme/ }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expectAlive(page);
});

test.describe('with its service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('no room: the site is not kept, which is said, and it works', async ({ page, baseURL }) => {
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(baseURL ?? '');
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 64 * 1024 });
    await openPage(page, RANDOM);
    await expect(stageOf(page)).toContainText(KEPT_NOTHING, { timeout: 30_000 });
    await expectLive(page);
    await expectAlive(page);
  });
});

test('two tabs: each has its own device, settings and playback', async ({ page, context, baseURL }) => {
  await openPage(page, RANDOM);
  await expectLive(page);
  const other = await context.newPage();
  const watched = watch(other, new URL(baseURL ?? '').origin);
  await openPage(other, '#v=1&in=random&tick=3&nq=20&nk=20&k=standard');
  await expectLive(other);
  const seed = await nextSeed(other);
  await expectLive(other);
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).not.toHaveValue(seed);
  await expect(stageOf(page).locator('.story-line')).toContainText('64');
  await expect(stageOf(other).locator('.story-line')).toContainText('20');
  await nextSeed(page);
  await expectLive(page);
  await expectAlive(other);
  await expectAlive(page);
  await other.close();
  await expectAlive(page);
  expect(watched.errors).toEqual([]);
  expect(watched.foreign).toEqual([]);
});

test('in the background playback rests and the run goes on; in sight again it plays on', async ({ page }) => {
  await page.addInitScript(() => {
    let hidden = false;
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
    Object.assign(window, {
      hide(now: boolean) {
        hidden = now;
        document.dispatchEvent(new Event('visibilitychange'));
      },
    });
  });
  const hide = (now: boolean) =>
    page.evaluate((value) => (window as unknown as { hide(value: boolean): void }).hide(value), now);
  await openPage(page, '#v=1&in=random&nq=48&nk=48&speed=0.25');
  await expectLive(page);
  await rewind(page);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(async () => (await positionOf(page)).tick).toBeGreaterThan(1);
  await hide(true);
  await page.waitForTimeout(200);
  const { tick } = await positionOf(page);
  // The comparison, parity and timing of the run are not waiting for anybody to look.
  await expect(page.getByRole('region', { name: 'Numbers' })).toContainText(/allowed/, { timeout: 30_000 });
  await page.waitForTimeout(1500);
  expect((await positionOf(page)).tick).toBe(tick);
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await hide(false);
  await expect.poll(async () => (await positionOf(page)).tick).toBeGreaterThan(tick);
  await expectAlive(page);
});

/** A machine with much else to do takes so long over the run that timing waits to be asked for. */
async function timed(timing: Locator, clock: RegExp): Promise<void> {
  const byItself = await expect(timing)
    .toContainText(clock, { timeout: 20_000 })
    .then(() => true)
    .catch(() => false);
  if (byItself) return;
  await timing.getByRole('button', { name: 'Measure' }).click();
  await expect(timing).toContainText(clock, { timeout: 90_000 });
}

test('without GPU timestamps times come from the queue, and say so', async ({ page }) => {
  await withWorkerPrelude(page, NO_CLOCK);
  await openPage(page, '#v=1&in=random&tick=0&nq=16&nk=16&headDim=8');
  await expectLive(page);
  await expect(page.getByRole('button', { name: /no GPU clock/ })).toBeVisible();
  const timing = page.getByRole('region', { name: 'Timing' });
  await timed(timing, /queue wall clock/);
  await expect(timing).not.toContainText('GPU timestamps');
  await expectAlive(page);
});

for (const [quantumNs, words] of [
  [100_000, /100 µs/],
  [2_000_000, /2,000 µs/],
] as const) {
  test(`a clock of ${quantumNs} ns is found, named, and sampled for long enough`, async ({ page }) => {
    test.setTimeout(150_000);
    await withWorkerPrelude(page, coarseClock(quantumNs));
    await openPage(page, '#v=1&in=random&tick=0&nq=16&nk=16&headDim=8');
    await expectLive(page);
    await expect(page.getByRole('button', { name: words })).toBeVisible();
    const timing = page.getByRole('region', { name: 'Timing' });
    await timed(timing, /GPU timestamps in steps of (100 µs|2\.00 ms|2 ms)/);
    await expect(timing).not.toContainText('below the clock’s resolution');
    await expectAlive(page);
  });
}
