// The picture is the run: edit the kernel on screen, and the pictures change with what it now does.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { fingerprintOf, openPage, rewind } from './stage.ts';
import { expect, test } from './watched-page.ts';

const FILE = 'flash-v2.wgsl';
const SOURCE = readFileSync(new URL(`../gpu/mechanisms/attention/${FILE}`, import.meta.url), 'utf8');
const LOOP = 'var k0 = k_begin / BC * BC;';
const SKIPS_A_TILE = SOURCE.replace(LOOP, 'var k0 = (k_begin / BC + 1u) * BC;');

async function applyKernel(page: Page, text: string) {
  const kernel = page.getByRole('region', { name: 'Kernel' });
  await kernel.getByRole('button', { name: 'Edit', exact: true }).click();
  const editor = kernel.getByRole('textbox', { name: `Source of ${FILE}` });
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
  await kernel.getByRole('button', { name: 'Apply and run' }).click();
}

test('a kernel edited to skip a tile shows the gap; undo brings the shipped one back', async ({ page }) => {
  expect(SOURCE).toContain(LOOP);
  await openPage(page, '#v=1&in=random&tick=0');
  await rewind(page);
  await page.keyboard.press('End');
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 30_000 });
  const panel = stage.getByRole('tabpanel');
  const story = stage.locator('.story-line');
  const [picture, words] = [await fingerprintOf(panel), (await story.textContent()) ?? ''];

  await applyKernel(page, SKIPS_A_TILE);
  await expect(stage.locator('.origin')).toContainText(`edited: ${FILE}`, { timeout: 30_000 });
  await expect(story).not.toHaveText(words);
  await page
    .getByRole('button', { name: 'Pause', exact: true })
    .or(page.getByRole('button', { name: 'Play', exact: true }))
    .blur();
  await page.keyboard.press('End');
  await expect.poll(() => fingerprintOf(panel)).not.toBe(picture);
  await expect(stage).toContainText(/skipped|never visited|were read|was read/i);

  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(stage.locator('.origin')).not.toContainText('edited', { timeout: 30_000 });
});

test('a kernel that does not compile says where, and the old picture stays', async ({ page }) => {
  await openPage(page, '#v=1&in=random&tick=0');
  await rewind(page);
  await applyKernel(page, SOURCE.replace('let lane = place.x;', 'let lane = place.nothing;'));
  const line = SOURCE.slice(0, SOURCE.indexOf('let lane = place.x;')).split('\n').length;
  await expect(page.getByText(new RegExp(`line ${line}\\b`, 'i')).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('main', { name: 'Stage' }).locator('canvas').first()).toBeVisible();
});
