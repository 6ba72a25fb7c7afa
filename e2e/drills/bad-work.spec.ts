// What is asked for cannot be done: too large, not WGSL, endless. It is named, and the recording before it stays.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { openPage, rewind } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, expectLive, RANDOM, setupOf, stageOf } from './live-page.ts';

const FILE = 'flash-v2.wgsl';
const SOURCE = readFileSync(new URL(`../../gpu/mechanisms/attention/${FILE}`, import.meta.url), 'utf8');

async function editKernel(page: Page, text: string): Promise<void> {
  const kernel = page.getByRole('region', { name: 'Kernel' });
  await kernel.getByRole('button', { name: 'Edit', exact: true }).click();
  await kernel.getByRole('textbox', { name: `Source of ${FILE}` }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
  await kernel.getByRole('button', { name: 'Apply and run' }).click();
}

const SIZES = [
  // 64 · 16 384 · 128 · 128 · 4 bytes = 64 GiB of q alone.
  {
    link: 'batch=64&nq=16384&nk=64&heads=128&kvHeads=128&headDim=128',
    limit: /maxStorageBufferBindingSize|maxBufferSize/,
  },
  {
    link: 'nq=8192&nk=8192&headDim=64',
    limit: /a recording (in software|on a GPU) stops at .* would fit: (Queries|Keys) \(n[qk]\) /,
  },
];

for (const { link, limit } of SIZES) {
  test(`${link}: the limit is named, a preset stands in, and the control goes back to what fits`, async ({ page }) => {
    await openPage(page, `#v=1&in=random&tick=0&${link}`);
    const stage = stageOf(page);
    const alert = stage.getByRole('alert').filter({ hasText: limit });
    await expect(alert).toBeVisible({ timeout: 30_000 });
    await expect(alert).toContainText(/limit|stops at/);
    await expect(stage).toContainText('stands in');
    // What was asked for is not lost: the address still has it, and the control shows where this device ends.
    await expect(page).toHaveURL(/nq=\d{4,}/);
    const queries = setupOf(page).getByRole('textbox', { name: /^Queries/ });
    await queries.fill('999999');
    await queries.press('Enter');
    await expect.poll(async () => Number(await queries.inputValue())).toBeLessThanOrEqual(2048);
    await page.getByRole('button', { name: 'Reset settings' }).click();
    await expect(alert).toHaveCount(0, { timeout: 30_000 });
    await expectLive(page);
    await expectAlive(page);
  });
}

test('WGSL that does not compile: line and column in the editor, the recording and the draft stay', async ({
  page,
}) => {
  await openPage(page, RANDOM);
  await expectLive(page);
  await rewind(page);
  const stage = stageOf(page);
  const storyLine = stage.locator('.story-line');
  // The story is whole once the variant it compares with has run.
  await expect(storyLine).toContainText('the standard one', { timeout: 30_000 });
  const story = (await storyLine.textContent()) ?? '';
  const wrong = SOURCE.replace('let lane = place.x;', 'let lane = place.nothing;');
  await editKernel(page, wrong);
  const before = SOURCE.slice(0, SOURCE.indexOf('let lane = place.x;'));
  const line = before.split('\n').length;
  const editor = page.locator('.edit-kernel');
  await expect(editor.getByRole('alert')).toContainText(new RegExp(`line ${line}, column \\d+`), { timeout: 30_000 });
  await expect(editor.locator('.cm-bad-line')).toContainText('place.nothing');
  await expect(storyLine).toHaveText(story);
  await expectAlive(page);
  // Mended in the same editor, it runs.
  await page.getByRole('region', { name: 'Kernel' }).getByRole('button', { name: 'Reset' }).click();
  await expect(editor.getByRole('alert')).toHaveCount(0, { timeout: 30_000 });
  await expectLive(page);
  await expectAlive(page);
});

test('an endless loop is stopped by the guard, and named; the recording and the edit stay', async ({ page }) => {
  await openPage(page, RANDOM);
  await expectLive(page);
  await rewind(page);
  const stage = stageOf(page);
  const start = 'let lane = place.x;';
  expect(SOURCE).toContain(start);
  await editKernel(page, SOURCE.replace(start, `${start} var spins = 1u; while (spins > 0u) { spins = spins | 1u; }`));
  await expect(stage.getByRole('alert')).toContainText(/flash-v2\.wgsl: a loop did not end within \d+ iterations/, {
    timeout: 60_000,
  });
  await expect(stage.getByRole('alert')).toContainText('Give it a bound, or reset the kernel');
  await expectAlive(page);
  await expect(page).toHaveURL(/src\.flash-v2/);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(stage.getByRole('alert')).toHaveCount(0, { timeout: 30_000 });
  await expectLive(page);
});
