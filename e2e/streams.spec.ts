// Selective copying and induction, as a learner meets them: a stream is typed, what is to be remembered comes back, and without
// selection it does not.

import type { Page } from '@playwright/test';
import { EXHIBITS, SELECTIVE_COPY } from './exhibits.ts';
import { openPage, rewind } from './stage.ts';
import { expect, test } from './watched-page.ts';

/** Induction in two streams. */
const INDUCTION =
  '#v=1&m=mamba-block&k=fused&in=random&tick=0&batch=2&channels=8&deltaRank=1&dim=10&dstate=1&outDim=8&seqlen=24&task=induction&time=8&width=2';

const story = (page: Page) => page.locator('.story:not(.stale) .story-line');
const choose = (page: Page, mode: string) => page.getByRole('combobox', { name: 'Δ, B, C' }).selectOption(mode);

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('radio', { name: 'Sentence' }).check({ force: true });
  await page.getByRole('textbox', { name: 'Sentence' }).fill(text);
  // The sentence that stood in the box before is run first.
  await expect(page).toHaveURL(/text=/);
  await expect(story(page)).toBeVisible({ timeout: 30_000 });
}

test('selective copying: S6 gives everything back, S4 does not, and a typed stream is read', async ({ page }) => {
  await openPage(page, SELECTIVE_COPY);
  await rewind(page);
  await expect(story(page)).toContainText('gave back 6 of 6 tokens to remember (100.0 %)');
  await choose(page, 's4');
  await expect(story(page)).toContainText(/gave back [0-5] of 6 tokens/);
  await choose(page, 's6');
  await type(page, 'the *cat sat on the *mat by the *door');
  await expect(page.getByRole('region', { name: 'Set up' })).toContainText('Mark those to remember with a *');
  // The page's own sentence has three words to remember, too, and may run first: what was typed is twelve steps long.
  await expect(story(page)).toContainText('scan 12 time steps');
  await expect(story(page)).toContainText('gave back 3 of 3 tokens to remember');

  await page.getByRole('tab', { name: 'Tokens', exact: true }).click();
  await page.getByRole('button', { name: 'To the end' }).click();
  await page.getByRole('button', { name: 'Show as a table' }).click();
  const table = page.getByRole('tabpanel', { name: 'Tokens', exact: true }).getByRole('table');
  await expect(table).toBeVisible();
  const rows = await table.getByRole('row').allInnerTexts();
  const cells = rows.slice(1).map((row) => row.split('\t'));
  const delta = rows[0]!.split('\t').findIndex((title) => title.includes('Δ'));
  const open = cells.filter((row) => Number(row[delta]) > 0.5).map((row) => row[1]);
  expect(open).toEqual(['*cat', '*mat', '*door']);
});

test('induction: a typed stream is answered with what followed its last word, and S4 fails on the preset', async ({
  page,
}) => {
  await openPage(page, INDUCTION);
  await rewind(page);
  await expect(story(page)).toContainText('right for 2 of 2 streams');
  await choose(page, 's4');
  await expect(story(page)).toContainText(/right for [01] of 2 streams/);
  await choose(page, 's6');
  await type(page, 'red fox green hen red');
  await expect(story(page)).toContainText('right for 1 of 1 stream');
});

for (const { name, hash } of EXHIBITS.filter(({ views }) => views.includes('Accuracy'))) {
  test(`${name}: fresh streams run on this device, right with selection and wrong without`, async ({ page }) => {
    await openPage(page, `${hash}&view=accuracy`);
    const words = page.locator('.main-view .view-summary');
    const panel = page.getByRole('tabpanel', { name: 'Accuracy', exact: true });
    await expect(panel.getByRole('button', { name: 'Run again' })).toBeVisible({ timeout: 45_000 });
    const text = (await words.textContent()) ?? '';
    console.log(`${name}, on the page: ${text}`);
    const shares = [...text.matchAll(/(S[46])[^;.]*?([\d,]+) of ([\d,]+) right/g)].map(([, mode, right, asked]) => {
      const [given, all] = [right!, asked!].map((number) => Number(number.replaceAll(',', '')));
      return { mode, share: given! / all!, asked: all! };
    });
    expect(shares.map(({ mode }) => mode)).toEqual(expect.arrayContaining(['S6', 'S4']));
    for (const { mode, share, asked } of shares) {
      expect(asked).toBeGreaterThanOrEqual(16);
      if (mode === 'S6') expect(share).toBeGreaterThanOrEqual(0.99);
      else expect(share).toBeLessThan(0.5);
    }
  });
}
