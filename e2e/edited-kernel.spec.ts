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
  await editor.focus();
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

test('a constant that the settings decide: the editor shows the value that ran, and says that another is not used', async ({
  page,
}) => {
  await openPage(page, '#v=1&in=random&tick=0&bc=4');
  await rewind(page);
  await expect(page.locator('.origin')).toContainText(/live/, { timeout: 30_000 });
  const kernel = page.getByRole('region', { name: 'Kernel' });
  const editor = kernel.getByRole('textbox', { name: `Source of ${FILE}` });
  await kernel.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(editor).toContainText('const BC: u32 = 4u;');
  await expect(kernel).toContainText('BC = 4 (Key tile)');
  await editor.focus();
  await page.keyboard.press('Control+a');
  const typed = SOURCE.replace('const BC: u32 = 16u;', 'const BC: u32 = 8u;');
  expect(typed).not.toBe(SOURCE);
  await page.keyboard.insertText(typed);
  const words = 'BC is set by the settings (Key tile): this run has BC = 4; 8 is not used.';
  await expect(kernel.getByRole('status')).toContainText(words);
  await kernel.getByRole('button', { name: 'Run again' }).click();
  await expect(kernel.getByRole('status')).toContainText(words);
  await expect(page.locator('.origin')).not.toContainText('edited');
  expect(page.url()).not.toContain('src.');
  await kernel.getByRole('button', { name: 'Reset' }).click();
  await expect(kernel.getByRole('status')).toHaveText('');
  await expect(editor).toContainText('const BC: u32 = 4u;');
});

test('a kernel that reads past the end of V: the line is red and counted, the story says it, and no number wears a tick', async ({
  page,
}) => {
  const read = 'v_tile[i] = v[at];';
  const line = SOURCE.slice(0, SOURCE.indexOf(read)).split('\n').length;
  await openPage(page, '#v=1&in=random&nq=32&nk=32&heads=2&kvHeads=2&tick=0');
  await rewind(page);
  const numbers = page.getByRole('region', { name: 'Numbers' });
  await expect(numbers.getByText('✓').first()).toBeVisible({ timeout: 30_000 });
  await applyKernel(page, SOURCE.replace(read, 'v_tile[i] = v[at + 1000000u];'));
  const story = page.locator('.story:not(.stale) .story-line');
  await expect(story).toContainText(new RegExp(`Line ${line} read v past its end [\\d,]+ times`), { timeout: 30_000 });
  await expect(story).not.toContainText('What it saves');
  const kernel = page.getByRole('region', { name: 'Kernel' });
  await kernel.getByRole('button', { name: 'Close editor' }).click();
  const red = kernel.locator('.code-line--past');
  await expect(red).toHaveCount(1);
  await expect(red).toContainText(/! [\d.kM]+× past the end/);
  await expect(red).toContainText('v[at + 1000000u]');
  await expect(numbers.getByRole('row', { name: `Line ${line} read v` })).toBeVisible();
  await expect(page.getByRole('region', { name: /^Parity/ })).toContainText(/allowed/, { timeout: 30_000 });
  await expect(numbers).not.toContainText('✓');
  await page.getByRole('tab', { name: 'Reuse', exact: true }).click();
  await expect(page.locator('.view-summary').first()).toContainText(`Line ${line} read v past its end`);
  await expect(page.locator('.view-summary').first()).not.toContainText('equally often');
});

test('a kernel that writes past the end of its output: what was never written is named, with its share', async ({
  page,
}) => {
  const write = 'out[(out_row';
  expect(SOURCE.split(write)).toHaveLength(2);
  await openPage(page, '#v=1&in=random&nq=32&nk=32&heads=1&kvHeads=1&headDim=16&tick=0');
  await rewind(page);
  await applyKernel(page, SOURCE.replace(write, 'out[500000u + (out_row'));
  const story = page.locator('.story:not(.stale) .story-line');
  await expect(story).toContainText(/wrote out past its end 512 times/, { timeout: 30_000 });
  await expect(story).toContainText('out: 511 of 512 elements were never written');
  await expect(page.getByRole('region', { name: 'Numbers' })).toContainText('out never written');
});
