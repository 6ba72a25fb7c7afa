// Presenting: everything that a class asks for can be changed from there, by touch and by keys; what is on top closes first.

import type { Page } from '@playwright/test';
import { openPage, rewind, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

const choose = async (page: Page, name: string, option: string | { label: string }) => {
  const list = page.getByRole('combobox', { name });
  // As a pointer does: the list that it opens is the system's.
  await list.dispatchEvent('pointerdown');
  await list.focus();
  await list.selectOption(option);
  await expect(list).not.toBeFocused();
};
const presents = (page: Page) => page.locator('html').getAttribute('data-present');

test('in presentation the variant, what it is compared with and the preset change, and a clicker steps on after each', async ({
  page,
}) => {
  await openPage(page, '#v=2&in=random&tick=0');
  await page.getByRole('button', { name: 'Present', exact: true }).click();
  await choose(page, 'Kernel variant', 'standard');
  await expect(page).toHaveURL(/k=standard/);
  await choose(page, 'Compare with', 'flash-v2');
  await expect(page.locator('.main-view figure.picture')).toHaveCount(2);
  const presets = page.getByRole('combobox', { name: 'Open a preset' });
  const title = await presets.locator('option').nth(1).textContent();
  await choose(page, 'Open a preset', { label: title! });
  await expect(presets.locator('option:checked')).toHaveText(title!);
  await rewind(page);
  await page.keyboard.press('PageDown');
  await expect(scrubber(page)).toHaveValue('1');
  await expect(presets.locator('option:checked')).toHaveText(title!);
  expect(await presents(page)).toBe('on');
});

test('Escape closes the card, then leaves the presentation; it closes the card of a word from wherever the focus is', async ({
  page,
}) => {
  await openPage(page, '#v=2&in=random&tick=0');
  // The story grows when the other variant has run, and its words' cards with it: Escape has to meet the card that is open.
  await expect(page.getByRole('region', { name: 'Numbers' })).toContainText(/allowed/, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Present', exact: true }).click();
  await page.getByRole('button', { name: 'What am I looking at?' }).click();
  const card = page.locator('.popup:popover-open');
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  expect(await presents(page)).toBe('on');
  await page.locator('.stage .term').first().hover();
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  expect(await presents(page)).toBe('on');
  await page.keyboard.press('Escape');
  await expect.poll(() => presents(page)).toBe('off');
});

test('after a click on a tab the arrows step on; Home stops playback at the start; a clicker steps from the scrubber', async ({
  page,
}) => {
  await openPage(page, '#v=2&in=random&tick=0');
  await rewind(page);
  await page.getByRole('tab', { name: 'Scores', exact: true }).click();
  await page.keyboard.press('ArrowRight');
  await expect(scrubber(page)).toHaveValue('1');
  await expect(page.getByRole('tab', { name: 'Scores', exact: true })).toHaveAttribute('aria-selected', 'true');
  await scrubber(page).focus();
  await page.keyboard.press('PageDown');
  await expect(scrubber(page)).toHaveValue('2');
  await page.keyboard.press('ArrowRight');
  await expect(scrubber(page)).toHaveValue('3');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(scrubber(page)).toHaveValue('0');
});
