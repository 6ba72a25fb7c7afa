import { coloursIn, fingerprintOf, openPage, rewind, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

const RANDOM = '#v=1&in=random&tick=0';
const VIEWS = ['Tiling', 'Memory', 'Reuse', 'Timeline'];

test('every view draws, changes with the cursor, says itself in words and as a table', async ({ page }) => {
  await openPage(page, RANDOM);
  const { length } = await rewind(page);
  const stage = page.getByRole('main', { name: 'Stage' });
  for (const title of VIEWS) {
    await test.step(title, async () => {
      await page.getByRole('tab', { name: title }).click();
      const panel = stage.getByRole('tabpanel', { name: title });
      await scrubber(page).fill(String(Math.floor(length / 2)));
      const picture = panel.locator('canvas, svg').first();
      await expect(picture).toBeVisible();
      if ((await panel.locator('canvas').count()) > 0) await expect.poll(() => coloursIn(panel)).toBeGreaterThan(2);
      const looks = () => Promise.all([fingerprintOf(panel), panel.innerHTML()]);
      const middle = await looks();
      await scrubber(page).fill(String(length));
      await expect.poll(async () => JSON.stringify(await looks()) !== JSON.stringify(middle)).toBe(true);
      await expect(stage.locator('.main-view .view-summary')).toHaveText(/\S{3}/);

      await page.getByRole('button', { name: 'Show as a table' }).click();
      await expect(panel.getByRole('table')).toBeVisible();
      expect(await panel.getByRole('row').count()).toBeGreaterThan(2);
      await page.getByRole('button', { name: 'Show as a table' }).click();
      await expect(panel.getByRole('table')).toHaveCount(0);
    });
  }
});

test('what is selected in one view is selected in the others', async ({ page }) => {
  await openPage(page, `${RANDOM}&view=tiling&below=timeline`);
  await rewind(page);
  await page.keyboard.press('End');
  const picture = page.getByRole('tabpanel', { name: 'Tiling' }).getByRole('application').first();
  await picture.focus();
  const second = page.getByRole('region', { name: 'Timeline' });
  const before = await fingerprintOf(second);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/sel=/);
  await expect.poll(() => fingerprintOf(second)).not.toBe(before);
});

test('a line of the kernel can be selected and shows in the link', async ({ page }) => {
  await openPage(page, RANDOM);
  await rewind(page);
  const kernel = page.getByRole('region', { name: 'Kernel' });
  await kernel.getByRole('option').filter({ hasText: 'k_tile[' }).last().click();
  await expect(kernel.getByRole('option', { selected: true })).toHaveCount(1);
  await expect(page).toHaveURL(/sel=/);
});
