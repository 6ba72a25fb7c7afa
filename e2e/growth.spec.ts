// Memory against length: what the view shows is what Sessions opened by hand hold.

import type { Page } from '@playwright/test';
import { seriousFindings } from './axe.ts';
import { coloursIn, fingerprintOf, openPage } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.setTimeout(180_000);

const SIZES = { batch: 1, dim: 12, seqlen: 40, dstate: 3, deltaRank: 2, width: 3, outDim: 6 };
const LINK = `#v=1&m=mamba-block&k=fused&in=random&tick=0&view=growth${Object.entries(SIZES)
  .map(([key, value]) => `&${key}=${value}`)
  .join('')}`;

const panelOf = (page: Page) => page.getByRole('tabpanel', { name: 'Memory against length' });

/** Cells of the view's table, a list per row; numbers without their separators. */
async function tableOf(page: Page): Promise<string[][]> {
  await page.getByRole('button', { name: 'Show as a table' }).click();
  const rows = panelOf(page).locator('tbody tr');
  await expect.poll(() => rows.count(), { timeout: 90_000 }).toBeGreaterThan(0);
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('td')].map((cell) => (cell.textContent ?? '').replaceAll(',', ''))),
  );
  await page.getByRole('button', { name: 'Show as a table' }).click();
  return cells;
}

test('the view has ink, is walked by keys, says itself, and its bytes are those of Sessions opened through the engine', async ({
  page,
}) => {
  await openPage(page, LINK);
  const panel = panelOf(page);
  const picture = panel.getByRole('application');
  await expect(picture).toBeVisible({ timeout: 90_000 });
  await expect(panel.getByRole('button', { name: 'Measure again' })).toBeVisible({ timeout: 90_000 });
  await expect.poll(() => coloursIn(panel)).toBeGreaterThan(8);
  const summary = page.locator('.main-view .view-summary');
  await expect(summary).toHaveText(/^After 4,096 tokens the KV cache holds .* the state did not grow/);

  // What makes the comparison fair is never cut off.
  for (const [width, height] of [
    [1440, 900],
    [1280, 720],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    const note = panel.locator('.strip-note.small');
    await expect(note).toContainText('One sequence; a Session for every length.');
    const cut = await note.evaluate((element) => {
      const { right } = element.getBoundingClientRect();
      return [
        element.scrollWidth - element.clientWidth,
        Math.max(0, right - element.closest('.picture')!.getBoundingClientRect().right),
      ];
    });
    expect(cut, `${width} × ${height}`).toEqual([0, 0]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });

  const before = await fingerprintOf(panel);
  await picture.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(summary).toHaveText(/^After 1,024 tokens/);
  expect(await fingerprintOf(panel)).not.toBe(before);
  await expect(page).toHaveURL(/sel=at:length:\d+/);

  const rows = await tableOf(page);
  const lengths = [4, 16, 40, 64, 256, 1024, 4096];
  expect(rows.map(([length]) => Number(length))).toEqual(lengths.flatMap((length) => [length, length]));
  await page.waitForFunction(() => window.tilescope !== undefined);
  const held = await page.evaluate(
    async ({ sizes, tokens }) => {
      const { engine } = window.tilescope!;
      const found: number[][] = [];
      for (const length of tokens) {
        const block = { mechanism: 'mamba-block', variant: 'fused', config: { ...sizes, seqlen: length } };
        const state = await engine.open(block);
        const { outDim: headDim } = sizes;
        const attention = { mechanism: 'attention', variant: 'flash-v2', config: { nq: 1, nk: length, headDim } };
        const cache = await engine.open(attention);
        const { trace } = await cache.run('run', { trace: true });
        const names = new Set(trace!.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name));
        const loads = trace!.totals.filter(({ buffer }) => names.has(buffer)).map(({ loadBytes }) => loadBytes);
        found.push([state.bytes.conv_state! + state.bytes.ssm_state!]);
        found.push([cache.bytes.k! + cache.bytes.v!, loads.reduce((sum, bytes) => sum + bytes, 0)]);
        state.dispose();
        cache.dispose();
      }
      return found;
    },
    { sizes: SIZES, tokens: lengths },
  );
  rows.forEach((row, i) => {
    const [kept, read] = held[i]!;
    expect(Number(row[3]), `kept after ${row[0]} tokens by ${row[1]}`).toBe(kept);
    expect(Number(row[4])).toBe(kept);
    if (read !== undefined) expect(Number(row[6]), `read after ${row[0]} tokens`).toBe(read);
  });
  expect(new Set(rows.filter(([, , keeps]) => keeps === 'state').map(([, , , kept]) => kept)).size).toBe(1);
});

test('it starts only on the stage, a change of the settings measures again, and what cannot go on says why', async ({
  page,
}) => {
  await openPage(page, LINK.replace('view=growth', 'view=state&below=none'));
  await expect(page.getByRole('region', { name: 'Numbers' }).getByText(/allowed/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Memory against length' }).click();
  const panel = panelOf(page);
  await expect(
    panel
      .getByRole('progressbar')
      .or(panel.getByText(/Not measured yet/))
      .first(),
  ).toBeVisible();
  const again = panel.getByRole('button', { name: 'Measure again' });
  await expect(again).toBeVisible({ timeout: 90_000 });
  await expect(panel).toContainText('each with 3 states');
  expect(await seriousFindings(page, { parts: ['.main-view'] })).toEqual([]);

  await page.getByRole('textbox', { name: 'States per channel' }).fill('5');
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('each with 5 states', { timeout: 90_000 });
  await page.getByLabel('Δ, B, C').selectOption('s4');
  await expect(panel.getByRole('alert')).toContainText('no next token', { timeout: 60_000 });
});
