// A browser without WebGPU: the page says so, gives advice, and plays the recording it was shipped with.

import { findBrowser } from '../scripts/find-browser.mjs';
import { coloursIn, openPage, positionOf } from './stage.ts';
import { expect, test } from './watched-page.ts';

const executablePath = await findBrowser();
test.use({
  launchOptions: { executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-features=WebGPU'] },
});

test('without WebGPU the page gives advice and plays the shipped recording', async ({ page }) => {
  await openPage(page);
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage).toContainText(/WebGPU/);
  await expect(stage.locator('.origin')).toContainText('shipped recording');
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  const { tick } = await positionOf(page);
  await expect.poll(async () => (await positionOf(page)).tick).toBeGreaterThan(tick);
});
