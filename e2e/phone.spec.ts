import { EXHIBITS } from './exhibits.ts';
import { coloursIn, openPage, scrubber, sideways } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.setTimeout(120_000);
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

for (const { name, hash, views } of EXHIBITS) {
  test(`${name}: at 390 px nothing of ${views.join(', ')} scrolls sideways; picture, story, playback and panels are in reach; a tap selects`, async ({
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
