// The place where models are built: a stack runs, one of its blocks is recorded and opened in its exhibit, and what is built can be changed.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { allFindings, seriousFindings } from './axe.ts';
import { sideways } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.setTimeout(120_000);

const models = (page: Page) => page.getByRole('main', { name: 'Models' });
const made = (page: Page) => page.locator('.text-token:not(.given)');

async function openModels(page: Page, hash = '#models'): Promise<void> {
  await page.goto(`./${hash}`);
  await expect(models(page)).toBeVisible({ timeout: 30_000 });
}

/** Makes `count` tokens of a short prompt. */
async function makeText(page: Page, count: number): Promise<void> {
  await page.getByLabel('Prompt').fill('The whale');
  await page.getByLabel('tokens to make').fill(String(count));
  await page.getByRole('button', { name: 'Make text' }).click();
  await expect(made(page)).toHaveCount(count, { timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Make text' })).toBeVisible({ timeout: 30_000 });
}

test('a stack makes text, with what else was likely; a block is recorded, and its q, k and v open in the attention exhibit', async ({
  page,
}) => {
  await openModels(page);
  await makeText(page, 7);
  await expect(page.locator('.text-token.given')).toHaveCount('The whale'.length);
  await expect(page.locator('.text-status')).toContainText('7 tokens');
  // 16 given and made; each keeps three blocks' keys and values of 128 channels.
  await expect(page.locator('.token-curves svg')).toHaveAccessibleName(
    /^7 tokens, .*Kept: 30\.7 KB at the first, 49\.2 KB at the last/,
  );
  // The last token that was made is picked; the one that came is among the likely, and arrows walk to the given ones.
  const came = page.locator('.text-choices tr[aria-current="true"]');
  await expect(came).toHaveCount(1);
  const last = (await made(page).last().textContent())!;
  await expect(came.locator('code')).toHaveText(last === ' ' ? '␣' : last === '\n' ? '↵' : last);
  await page.getByRole('listbox', { name: 'Tokens' }).focus();
  await page.keyboard.press('Home');
  await expect(page.locator('.text-pane')).toContainText('was given: nothing was drawn');

  await page.getByRole('button', { name: 'Block 3 attention' }).click();
  await page.getByRole('button', { name: 'Run and record this part' }).click();
  const costs = page.getByRole('region', { name: 'What it costs' });
  await expect(costs.getByText('recorded and plain run agree bit for bit')).toBeVisible({ timeout: 60_000 });
  // 16 tokens of 128 channels of 4 bytes go into the cache of keys.
  const cache = costs.getByRole('row', { name: /blocks\.2\.k_cache/ });
  await expect(cache.getByRole('cell').last()).toHaveText('8.19 KB');

  await page.getByRole('button', { name: /Open its q, k and v/ }).click();
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.origin .live')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: /set up/i })).toContainText('Block 3 of');
  await expect(stage.locator('.story-line')).toContainText('16');
  await expect(page.getByRole('tab', { name: 'Scores', exact: true })).toHaveAttribute('aria-selected', 'true');
  await page.locator('[data-action="models"]').click();
  await expect(models(page)).toBeVisible();
  await expect(made(page)).toHaveCount(7);
});

test('blocks are added, moved, doubled, removed and undone, by keyboard too; what is wrong is named at its place; the link carries it all', async ({
  page,
  context,
}) => {
  await openModels(page);
  const blocks = page.locator('.stack-blocks > li');
  await expect(blocks).toHaveCount(6);
  await page.getByRole('button', { name: '+ Feed-forward' }).click();
  await expect(blocks).toHaveCount(7);
  await page.getByRole('button', { name: 'Double block 1' }).click();
  await expect(blocks).toHaveCount(8);
  await page.getByRole('button', { name: 'Remove block 8' }).click();
  await expect(blocks).toHaveCount(7);
  await expect(blocks.nth(2)).toContainText('Feed-forward');
  await page.getByRole('button', { name: /^Move block 3: arrows/ }).focus();
  await page.keyboard.press('ArrowUp');
  await expect(blocks.nth(1)).toContainText('Feed-forward');
  await blocks.nth(0).locator('summary').click();
  await blocks.nth(0).getByLabel('heads', { exact: true }).fill('5');
  await expect(blocks.nth(0).getByRole('alert')).toContainText('5 heads cannot share a width of 128');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(blocks.nth(0).getByRole('alert')).toHaveCount(0);
  await expect(page.getByLabel('Preset').locator('option:checked')).toHaveText(/changed/);
  await expect(page).toHaveURL(/stack=/);

  // Sharing puts the link into the address at once; by itself it follows a moment later.
  await page.getByRole('button', { name: 'Share' }).click();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator('.stack-blocks > li')).toHaveCount(7);
  await other.close();
  await page.getByLabel('Preset').selectOption('wide');
  await expect(blocks).toHaveCount(2);
});

test('a long text can be cancelled, and made again', async ({ page }) => {
  await openModels(page, '#models?v=1&most=200');
  await page.getByRole('button', { name: 'Make text' }).click();
  await expect.poll(() => made(page).count(), { timeout: 60_000 }).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Make text' })).toBeVisible();
  const left = await made(page).count();
  expect(left).toBeLessThan(200);
  await makeText(page, 3);
});

test('a checkpoint of one’s own is read from its two files and runs; what is no model is refused by name', async ({
  page,
}) => {
  await openModels(page);
  const files = page.getByLabel('Open a model…');
  const fixture = (name: string) => `gpu/model/fixtures/hf/gpt2-f32/${name}`;
  await files.setInputFiles([fixture('config.json'), fixture('model.safetensors')]);
  await expect(page.getByLabel('Preset').locator('option:checked')).toContainText('gpt2 of model.safetensors');
  await expect(page.locator('.stack-blocks > li')).toHaveCount(4);
  const { prompts } = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as {
    prompts: { ids: number[]; logits: number[] }[];
  };
  const { ids, logits } = prompts[0]!;
  await page.getByLabel('Prompt').fill(ids.join(' '));
  await page.getByLabel('tokens to make').fill('1');
  await page.getByLabel('temperature').fill('0');
  await page.getByRole('button', { name: 'Make text' }).click();
  await expect(made(page)).toHaveCount(1, { timeout: 60_000 });
  await expect(made(page)).toHaveText(`${logits.indexOf(Math.max(...logits))} `);
  await expect(page.locator('.text-pane')).toContainText('nothing was uploaded');

  await files.setInputFiles([fixture('expected.json'), fixture('model.safetensors')]);
  await expect(page.getByRole('alert')).toContainText('cannot be run; gpt2, llama, mamba can');
  await expect(page.locator('.stack-blocks > li')).toHaveCount(4);
  await page.goto('./?other#models?v=1&preset=file');
  await expect(page.getByRole('alert').first()).toContainText('came from files, which no link carries');
});

test('axe finds nothing, in both themes; at 390 px nothing scrolls sideways and a bad link is named', async ({
  page,
}) => {
  await openModels(page);
  await makeText(page, 3);
  await page.getByRole('button', { name: 'Block 1 attention' }).click();
  expect(await allFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await seriousFindings(page, { contrastOnly: true })).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sideways(page)).toEqual({ scrolls: 0, wide: [] });
  await page.goto('./?again#models?v=1&seed=none');
  await expect(page.getByRole('alert')).toContainText('seed “none” in the link is not a number');
});
