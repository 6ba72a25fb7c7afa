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

test('without WebGPU every exhibit and link shows the nearest recording, says which, and lists what plays', async ({
  page,
}) => {
  await openPage(page);
  const stage = page.getByRole('main', { name: 'Stage' });
  await page.getByRole('combobox', { name: 'Mechanism' }).selectOption({ label: 'Mamba block' });
  await expect(stage.getByText(/“.+” plays instead/)).toBeVisible();
  await expect(stage.getByRole('tab', { name: 'State', exact: true })).toBeVisible();
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);

  await openPage(page, '#v=3&m=selective-scan&seed=77');
  await expect(stage.getByText(/“.+” plays instead/)).toBeVisible();
  await stage.getByRole('button', { name: /What plays here/ }).click();
  await page.locator('.popup:popover-open').getByRole('button', { name: 'Parallel scan: least work' }).click();
  await expect(page.getByRole('combobox', { name: 'Kernel variant' })).toHaveValue('blelloch');
  await expect(stage.getByRole('tab', { name: 'Tree', exact: true })).toBeVisible();
  await expect(stage.getByText(/plays instead/)).toHaveCount(0);
});

test('without WebGPU a comparison says why its second picture stays away', async ({ page }) => {
  await openPage(page, '#v=3&vs=standard&in=random&bc=16&br=16&headDim=32&nk=64&nq=64');
  await expect(page.getByRole('main', { name: 'Stage' })).toContainText('cannot without WebGPU');
});
