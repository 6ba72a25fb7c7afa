import { coloursIn, openPage, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.use({ serviceWorkers: 'allow' });

test('after the first visit the page works without a network, sentence encoder included', async ({ page, context }) => {
  await openPage(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await context.setOffline(true);
  await page.reload();
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 45_000 });
  await page.getByRole('textbox', { name: 'Sentence' }).fill('No network, and yet it reads.');
  await expect(page.getByRole('img', { name: /broken/ })).toHaveCount(0);
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 30_000 });
});
