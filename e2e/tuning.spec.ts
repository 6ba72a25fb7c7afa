// A kernel tuned to this device: measured on the page, shown, remembered, forgotten, and put in the link.

import type { Locator, Page } from '@playwright/test';
import { allFindings } from './axe.ts';
import { coloursIn, openPage } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.setTimeout(180_000);

const TUNED = '#v=1&k=flash-v2-tuned&in=random&bc=auto&br=auto&headDim=8&nk=32&nq=32&tick=0';
const LONG = { timeout: 90_000 };

const panelOf = (page: Page): Locator => page.getByRole('region', { name: 'Tuning' });
const again = (page: Page) => panelOf(page).getByRole('button', { name: 'Tune again' });

/** The layer that the candidates are drawn on. */
const picture = (page: Page) => panelOf(page).locator('canvas').last();

/** Waits until the panel has its result; on a busy machine the run is long, and tuning waits for the button. */
async function tuned(page: Page): Promise<Locator> {
  const panel = panelOf(page);
  await expect(panel).toBeVisible(LONG);
  await expect(page.getByRole('region', { name: 'Numbers' })).toContainText(/allowed/, LONG);
  const ask = panel.getByRole('button', { name: 'Tune', exact: true });
  const measure = page.getByRole('button', { name: 'Measure', exact: true });
  const waits = async () => (await measure.isVisible()) && (await ask.isVisible());
  await expect(async () => {
    // Between two stages, too, nothing is under way for a moment: only what stays so waits for the button.
    if (await waits()) {
      await page.waitForTimeout(1000);
      if (await waits()) await ask.click();
    }
    await expect(again(page)).toBeVisible({ timeout: 5000 });
  }).toPass(LONG);
  // What was picked is recorded too, if it is not what ran.
  await expect(panel).not.toContainText('the next run uses it', LONG);
  return panel;
}

/** The value that the kernel on screen was baked with. */
const lanesOnScreen = async (page: Page) => {
  const text = await page.getByRole('region', { name: 'Kernel' }).textContent();
  return /LANES: u32 = (\d+)u/.exec(text ?? '')?.[1];
};

test('the panel tells the form and why, draws what was measured, and the next visit remembers it', async ({ page }) => {
  await openPage(page, TUNED);
  const panel = await tuned(page);
  await expect(panel).toContainText(/software adapter\).*subgroups of 4.*“software-quad” runs/);
  await expect(panel).toContainText(/4 candidates in .*3 interleaved rounds each/);
  await expect(panel).toContainText('Its times say nothing about GPUs.');
  await expect(panel).toContainText('Remembered, for this device');
  await expect.poll(() => coloursIn(picture(page))).toBeGreaterThan(4);
  await panel.getByText('As a table').click();
  const rows = panel.getByRole('row');
  await expect(rows).toHaveCount(5);
  const picked = rows.filter({ hasText: 'picked' }).filter({ hasNotText: 'beside' });
  await expect(picked).toHaveCount(1);
  const lanes = await picked.getByRole('rowheader').textContent();
  await expect(panel).toContainText(`LANES ${lanes}:`);
  await expect.poll(() => lanesOnScreen(page)).toBe(lanes);

  expect(await allFindings(page, { parts: ['[aria-label="Tuning"]'] })).toEqual([]);

  await page.reload();
  await expect(panelOf(page)).toContainText('Remembered from', LONG);
  await expect.poll(() => coloursIn(picture(page))).toBeGreaterThan(4);
  await expect.poll(() => lanesOnScreen(page)).toBe(lanes);

  await panelOf(page).getByRole('button', { name: 'Forget' }).click();
  await expect(panelOf(page)).toContainText('LANES 8: the kernel’s own values, not tuned yet.', LONG);
  await expect(panelOf(page).getByRole('button', { name: 'Tune', exact: true })).toBeVisible(LONG);
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('tune|'))))
    .toEqual([]);
});

test('tuning can be cancelled, by keyboard too, and what was found before stays', async ({ page }) => {
  await openPage(page, TUNED);
  const panel = await tuned(page);
  await expect(page.getByRole('button', { name: /^Measure/ })).toBeVisible(LONG);
  const said = await panel.locator('strong').textContent();
  await again(page).focus();
  await page.keyboard.press('Enter');
  const cancel = panel.getByRole('button', { name: 'Cancel' });
  await expect(panel.getByRole('progressbar')).toBeVisible();
  await cancel.press('Enter');
  await expect(cancel).toBeHidden();
  await expect(again(page)).toBeVisible();
  await expect(panel.locator('strong')).toHaveText(said ?? '');
});

test('where the browser denies storage the result is used, and the panel says that it is not remembered', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  });
  await openPage(page, TUNED);
  await expect(panelOf(page)).toContainText('this browser lets the page keep nothing', LONG);
  const panel = await tuned(page);
  await expect(panel).toContainText('Not remembered: this browser lets the page keep nothing.');
});

test('constants in the link are used as they stand; without them the device chooses', async ({ page }) => {
  await openPage(page, `${TUNED}&form=software&tuning=LANES:16`);
  const panel = panelOf(page);
  await expect(panel).toContainText('LANES 16: named by the settings', LONG);
  await expect(panel).toContainText('The settings name the form “software” (flash-v2-tuned-software.wgsl)');
  await expect.poll(() => lanesOnScreen(page)).toBe('16');
  await panel.getByRole('button', { name: 'Let the device choose' }).click();
  await expect(panel).toContainText('“software-quad” runs', LONG);
  await expect(page).not.toHaveURL(/tuning|form/);
  await panel.getByRole('button', { name: 'Put them in the link' }).click();
  await expect(page).toHaveURL(/form=software-quad&.*tuning=LANES:\d+/);
  await expect(panel).toContainText('The link carries these constants');
});

test('the panel fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await openPage(page, TUNED);
  await page.getByRole('tab', { name: 'Numbers' }).click();
  const panel = await tuned(page);
  await panel.scrollIntoViewIfNeeded();
  await expect
    .poll(async () => {
      const { x, width } = (await panel.boundingBox())!;
      return x >= 0 && x + width <= 390;
    })
    .toBe(true);
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expect.poll(() => coloursIn(picture(page))).toBeGreaterThan(4);
});
