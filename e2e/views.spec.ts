import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { EXHIBITS, SELECTIVE_COPY, STILL, STUDIES } from './exhibits.ts';
import { coloursIn, fingerprintOf, openPage, rewind, scrubber } from './stage.ts';
import { partsThatMove } from './still.ts';
import { expect, test } from './watched-page.ts';

// Every view is drawn, walked, tabulated and exported in one go.
test.setTimeout(120_000);

const RANDOM = '#v=1&in=random&tick=0';

/** What the Export menu gives for one of its items. */
async function exported(page: Page, name: RegExp): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return readFileSync(await download.path());
}

for (const { name, hash, views } of EXHIBITS) {
  test(`${name}: ${views.join(', ')} draw, follow the cursor, and say themselves in words, as a table and as files`, async ({
    page,
  }) => {
    await openPage(page, hash);
    const { length } = await rewind(page);
    const stage = page.getByRole('main', { name: 'Stage' });
    const tables = page.getByRole('button', { name: 'Show as a table' });
    for (const title of views) {
      await test.step(title, async () => {
        await page.getByRole('tab', { name: title, exact: true }).click();
        const panel = stage.getByRole('tabpanel', { name: title, exact: true });
        await scrubber(page).fill(String(Math.floor(length / 2)));
        await expect(panel.locator('canvas, svg').first()).toBeVisible();
        if ((await panel.locator('canvas').count()) > 0) await expect.poll(() => coloursIn(panel)).toBeGreaterThan(2);
        // What runs besides the recording waits for its comparison and timing.
        if (STUDIES.has(title))
          await expect(panel.getByRole('button', { name: / again$/ })).toBeVisible({ timeout: 60_000 });
        expect(await partsThatMove(page)).toEqual([]);
        await scrubber(page).fill(String(Math.floor(length / 2)));
        const looks = () => Promise.all([fingerprintOf(panel), panel.innerHTML()]);
        const middle = await looks();
        await scrubber(page).fill(String(length));
        if (!STILL.has(title)) await expect.poll(async () => `${await looks()}` !== `${middle}`).toBe(true);
        await expect(stage.locator('.main-view .view-summary')).toHaveText(/\S{3}/);

        const picture = panel.getByRole('application').first();
        await picture.focus();
        for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) await page.keyboard.press(key);
        await expect(panel.getByRole('status').filter({ hasText: /\S{2}/ }).first()).toBeAttached();
        await page.keyboard.press('Escape');

        await tables.click();
        await expect(panel.getByRole('table')).toBeVisible();
        expect(await panel.getByRole('row').count()).toBeGreaterThan(2);
        await tables.click();
        await expect(panel.getByRole('table')).toHaveCount(0);

        await page.getByRole('button', { name: 'What am I looking at?' }).click();
        const card = stage.getByRole('heading', { name: title, exact: true }).locator('..');
        await expect(card).toContainText(/\S+( \S+){12}/);
        await page.keyboard.press('Escape');

        const rows = (await exported(page, /table \(\.csv\)/)).toString().trim().split('\n');
        expect(rows.length).toBeGreaterThan(2);
        const svg = (await exported(page, /picture \(\.svg\)/)).toString();
        expect(svg).toMatch(/^<svg[\s\S]*<(rect|path|line|polyline|circle)/);
        expect(svg).not.toMatch(/NaN|undefined/);
      });
    }
    const png = await exported(page, /picture \(\.png\)/);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });
}

for (const [hash, title, below] of [
  [RANDOM, 'Tiling', 'Timeline'],
  [SELECTIVE_COPY, 'State', 'Tokens'],
  [SELECTIVE_COPY, 'Tokens', 'State'],
] as const) {
  test(`what is selected in ${title} is selected in ${below}`, async ({ page }) => {
    await openPage(page, `${hash}&view=${title.toLowerCase()}&below=${below.toLowerCase()}`);
    await rewind(page);
    await page.keyboard.press('End');
    const picture = page.getByRole('tabpanel', { name: title, exact: true }).getByRole('application').first();
    await picture.focus();
    const second = page.getByRole('region', { name: below, exact: true });
    const before = await fingerprintOf(second);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await expect(page).toHaveURL(/sel=/);
    await expect.poll(() => fingerprintOf(second)).not.toBe(before);
  });
}

test('a line of the kernel can be selected and shows in the link', async ({ page }) => {
  await openPage(page, RANDOM);
  await rewind(page);
  const kernel = page.getByRole('region', { name: 'Kernel' });
  await kernel.getByRole('option').filter({ hasText: 'k_tile[' }).last().click();
  await expect(kernel.getByRole('option', { selected: true })).toHaveCount(1);
  await expect(page).toHaveURL(/sel=/);
});
