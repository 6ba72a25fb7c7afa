// Ten seconds after opening, without a click, a stranger sees their machine at work, and what it means.

import { gzipSync } from 'node:zlib';
import { coloursIn, openPage, positionOf, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

test('the first picture has ink, the story has numbers, and playback runs by itself', async ({ page }) => {
  await openPage(page);
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  await expect(stage.locator('.story-line')).toHaveText(/\d/);
  const before = (await positionOf(page)).tick;
  await expect.poll(async () => (await positionOf(page)).tick).toBeGreaterThan(before);
});

test('a live recording of this device takes the stage, with parity and counts beside it', async ({ page }) => {
  await openPage(page, '#v=1&in=random');
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 30_000 });
  await expect(stage.locator('.origin')).toContainText(/software/);
  const numbers = page.getByRole('region', { name: 'Numbers' });
  await expect(numbers).toContainText(/closed form/i);
  await expect(numbers).toContainText(/float64/i, { timeout: 30_000 });
  await expect(stage.locator('.story-line')).toHaveText(/\d/);
});

test('a typed sentence runs through the encoder and its tokens label the picture', async ({ page }) => {
  await openPage(page, '#v=1&in=random');
  await page.getByRole('radio', { name: 'Sentence' }).check({ force: true });
  await page.getByRole('textbox', { name: 'Sentence' }).fill('Five tiny words stand here.');
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.story-line')).toHaveText(/words|tokens/, { timeout: 45_000 });
});

test('what a first visit loads before the first picture stays below the budget', async ({ page }) => {
  const sizes: number[] = [];
  const pending: Promise<void>[] = [];
  let open = true;
  page.on('response', (response) => {
    if (!open || !/\.m?js(\?|$)/.test(response.url())) return;
    pending.push(response.body().then((body) => void sizes.push(gzipSync(body).length)));
  });
  await page.goto('./');
  await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
  open = false;
  await Promise.all(pending);
  expect(sizes.length).toBeGreaterThan(1);
  const kilobytes = sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000;
  console.log(`scripts before the first picture: ${sizes.length}, ${kilobytes.toFixed(1)} kB gzip`);
  expect(kilobytes).toBeLessThan(200);
});
