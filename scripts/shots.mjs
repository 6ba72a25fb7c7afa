// Makes docs/screenshots/: the real page on a fixed seed and step, at desktop and phone size, in both themes, and a model at work. Look at
// them before committing.
//   npm run shots

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { withSite } from './site-session.mjs';

const FOLDER = 'docs/screenshots';
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = ['light', 'dark'];
/** Part of the run that has passed in the pictures. */
const SHARE = 0.72;

async function waitForFullPage(page) {
  await page.locator('.origin .live').waitFor({ timeout: 120_000 });
  await page.getByText('Random input stands in').waitFor({ state: 'detached', timeout: 120_000 });
  await page.locator('.story:not(.stale)').waitFor({ timeout: 120_000 });
}

/** Comparison, parity and timing come one after the other; timing waits for its button where a run is slow. */
async function waitForNumbers(page) {
  const numbers = page.getByRole('region', { name: 'Numbers' });
  await numbers
    .getByText(/allowed/)
    .first()
    .waitFor({ state: 'attached', timeout: 120_000 });
  const measure = numbers.getByRole('button', { name: 'Measure', exact: true });
  if (await measure.isVisible()) await measure.click();
  await numbers.getByRole('button', { name: 'Measure again' }).waitFor({ state: 'attached', timeout: 120_000 });
}

async function placeCursor(page) {
  const slider = page.getByRole('slider', { name: 'Step', exact: true });
  const length = Number(await slider.getAttribute('max'));
  await slider.fill(String(Math.round(length * SHARE)));
  await page.evaluate(() => document.activeElement?.blur());
}

mkdirSync(FOLDER, { recursive: true });
await withSite(async (open) => {
  for (const [name, viewport] of Object.entries(SIZES))
    for (const colorScheme of THEMES) {
      const page = await open('', { viewport, colorScheme, reducedMotion: 'reduce', deviceScaleFactor: 1 });
      await waitForFullPage(page);
      await placeCursor(page);
      if (name === 'desktop') await waitForNumbers(page);
      // Pressing Measure scrolled its panel there.
      await page.evaluate(() => document.querySelector('.numbers .pane-body')?.scrollTo(0, 0));
      await page.waitForTimeout(500);
      const path = join(FOLDER, `${name}-${colorScheme}.png`);
      await page.screenshot({ path });
      console.log(path);
      await page.context().close();
    }
  const page = await open('#models', { viewport: SIZES.desktop, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Make text' }).click();
  await page.locator('.text-status', { hasText: 'tokens,' }).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Block 3 attention' }).click();
  await page.getByRole('button', { name: 'Run and record this part' }).click();
  await page.locator('.ledger-kernels').waitFor({ timeout: 120_000 });
  const path = join(FOLDER, 'models-light.png');
  await page.screenshot({ path });
  console.log(path);
});
