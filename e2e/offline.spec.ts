import { coloursIn, openPage, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.use({ serviceWorkers: 'allow' });

test.setTimeout(120_000);

test('after the first visit the page works without a network, sentence encoder included', async ({ page, context }) => {
  await openPage(page);
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 45_000 });
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  // What this first visit has not loaded yet is there too.
  await page.getByRole('region', { name: 'Kernel' }).getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('textbox', { name: /^Source of/ })).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 45_000 });
  await page.getByRole('textbox', { name: 'Sentence' }).fill('No network, and yet it reads.');
  await expect(page.getByRole('img', { name: /broken/ })).toHaveCount(0);
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 30_000 });
});
