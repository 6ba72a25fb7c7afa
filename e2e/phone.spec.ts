import type { Page } from '@playwright/test';
import { EXHIBITS, FIRST_RUNS } from './exhibits.ts';
import { coloursIn, openPage, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.setTimeout(120_000);
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

/** Elements that stick out on the right, and by how much the page scrolls sideways. */
function sideways(page: Page): Promise<{ scrolls: number; wide: string[] }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    // What ends in an ellipsis is cut on purpose.
    const shortened = (element: Element | null): boolean =>
      element !== null && (getComputedStyle(element).textOverflow === 'ellipsis' || shortened(element.parentElement));
    const wide = [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        const hidden = element.closest('.visually-hidden, [popover], .code-line');
        return width > 0 && right > clientWidth + 1 && !hidden && !shortened(element.parentElement);
      })
      .map((element) => `${element.tagName}.${element.className}`);
    return { scrolls: scrollWidth - clientWidth, wide };
  });
}

for (const { name, hash, views } of EXHIBITS) {
  test(`${name}: at 390 px nothing of ${views.join(', ')} scrolls sideways, and picture, story and playback are in sight`, async ({
    page,
  }) => {
    await openPage(page, hash);
    const stage = page.getByRole('main', { name: 'Stage' });
    await expect(stage.locator('.story-line')).toHaveText(/\d/);
    await page.keyboard.press('End');
    for (const title of views) {
      const tab = page.getByRole('tab', { name: title, exact: true });
      await expect(tab).toBeInViewport();
      await tab.tap();
      await expect.poll(() => coloursIn(stage), title).toBeGreaterThan(2);
      expect(await sideways(page), title).toEqual({ scrolls: 0, wide: [] });
      await expect(stage.locator('.story-line')).toBeInViewport();
      await expect(scrubber(page)).toBeInViewport();
      const picture = stage.locator('canvas').first();
      await expect(picture).toBeInViewport({ ratio: 0.9 });
      const box = (await picture.boundingBox())!;
      expect(box.height, `height of ${title}`).toBeGreaterThan(110);
    }
  });
}

for (const { name, hash, views } of FIRST_RUNS) {
  test(`${name}: at 390 px the kernel, the numbers and the settings are one tap away, and a tap selects`, async ({
    page,
  }) => {
    await openPage(page, hash);
    for (const panel of [/set up/i, /kernel/i, /numbers/i]) {
      const tab = page.getByRole('tab', { name: panel });
      // In reach without scrolling, beside the picture as well as above the panel.
      await expect(tab).toBeInViewport();
      await tab.tap();
      await expect(page.getByRole('region', { name: panel })).toBeInViewport({ ratio: 0.2 });
      expect(await sideways(page), String(panel)).toEqual({ scrolls: 0, wide: [] });
    }
    await page.getByRole('tab', { name: views[0]!, exact: true }).tap();
    const box = (await page.getByRole('application').first().boundingBox())!;
    await page.touchscreen.tap(box.x + box.width * 0.7, box.y + box.height * 0.3);
    await expect(page).toHaveURL(/sel=/);
  });
}
