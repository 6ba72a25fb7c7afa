// A run of this device takes the stage: on random input, and on a sentence of one's own.

import { openPage } from './stage.ts';
import { expect, test } from './watched-page.ts';

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
