import { coloursIn, openPage, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test('at 390 px nothing scrolls sideways and the picture, the story and playback are in sight', async ({ page }) => {
  await openPage(page, '#v=1&in=random&tick=0');
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.story-line')).toHaveText(/\d/);
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  const widths = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        return width > 0 && right > clientWidth + 1 && !element.closest('.visually-hidden');
      })
      .map((element) => `${element.tagName}.${element.className}`);
    return { scrollWidth, clientWidth, wide };
  });
  expect(widths.scrollWidth).toBeLessThanOrEqual(widths.clientWidth);
  await expect(stage.locator('.story-line')).toBeInViewport();
  await expect(scrubber(page)).toBeInViewport();
  await expect(stage.locator('canvas').first()).toBeInViewport();
});

test('at 390 px the kernel, the numbers and the settings are one tap away', async ({ page }) => {
  await openPage(page, '#v=1&in=random&tick=0');
  for (const name of [/set up/i, /kernel/i, /numbers/i]) {
    await page.getByRole('tab', { name }).click();
    await expect(page.getByRole('region', { name })).toBeVisible();
  }
  for (const name of ['Tiling', 'Memory', 'Reuse', 'Timeline']) {
    const tab = page.getByRole('tab', { name });
    await tab.scrollIntoViewIfNeeded();
    await expect(tab).toBeInViewport();
  }
});
