// How long a first visit waits for its own machine: a profile that knows nothing of the site, service worker allowed.

import type { Page } from '@playwright/test';
import { holdBack } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.use({ serviceWorkers: 'allow' });

const VISITS = 3;

interface Seen {
  pictured?: number;
  ready?: number;
  live?: number;
}

/** Notes when the page first shows a picture, the adapter's name and a live recording, ms since navigation. */
function noteFirsts(): void {
  const seen: Seen = {};
  Object.assign(window, { seen });
  const look = () => {
    const now = performance.now();
    if (document.querySelector('input[aria-label="Step"]:enabled')) seen.pictured ??= now;
    if (/software/i.test(document.querySelector('header')?.textContent ?? '')) seen.ready ??= now;
    if (document.querySelector('.origin .live')) seen.live ??= now;
    if (seen.live === undefined) requestAnimationFrame(look);
  };
  look();
}

/** Opens the first page and sees that this machine's recording comes in time. */
async function expectInTime(page: Page): Promise<void> {
  await page.addInitScript(noteFirsts);
  await page.goto('./');
  await page.locator('.origin .live').waitFor({ timeout: 30_000 });
  const { pictured, ready, live } = await page.evaluate(() => (window as unknown as { seen: Required<Seen> }).seen);
  console.log(`picture ${Math.round(pictured)} ms, engine ${Math.round(ready)} ms, live ${Math.round(live)} ms`);
  expect(live - ready).toBeLessThanOrEqual(4000);
  expect(pictured).toBeLessThan(live);
}

for (let visit = 1; visit <= VISITS; visit++) {
  test(`visit ${visit}: a live recording plays within 4 s of the open engine, a shipped one until then`, async ({
    page,
  }) => {
    await expectInTime(page);
  });
}

test('also where the sentence encoder is far away: then the shipped q, k and v stand in', async ({ page }) => {
  const arrive = await holdBack(page, '**/weights.bin');
  await expectInTime(page);
  const status = page.getByRole('main', { name: 'Stage' }).locator('.stage-status');
  await expect(status).toContainText('shipped recording of this sentence stand in until');
  arrive();
  await expect(status).not.toContainText('stand in', { timeout: 30_000 });
});
