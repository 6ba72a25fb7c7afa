// Values of the run's tensors: an element of an input, and of an output at the end of the run, is the number that the engine gives to a
// script; it is picked by fields, arrows and other views.

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { allFindings } from './axe.ts';
import { openPage, rewind } from './stage.ts';
import { expect, test } from './watched-page.ts';

const RANDOM = '#v=2&in=random&tick=0';

const panelOf = (page: Page) => page.getByRole('region', { name: 'Values' });
const shownAt = (page: Page) => panelOf(page).locator('.values__value');
const fieldsOf = (page: Page) => panelOf(page).locator('.values__axis');

async function openValues(page: Page): Promise<void> {
  await page.locator('.values > summary').click();
  await expect(panelOf(page).getByText('Histogram as a table')).toBeVisible();
}

/** Where the fields stand, as a number in memory: axes follow one another, the last one fastest. */
async function pickedIndex(page: Page): Promise<number> {
  const fields = await fieldsOf(page).evaluateAll((labels) =>
    labels.map((label) => [
      Number(label.querySelector('input')!.value),
      Number(/of ([\d,]+)/.exec(label.textContent)![1]!.replaceAll(',', '')),
    ]),
  );
  return fields.reduce((index, [at, extent]) => index * extent! + at!, 0);
}

/** Puts every field to `at`, or to its end where that comes first. */
async function pickInAll(page: Page, at: number): Promise<number> {
  for (const field of await fieldsOf(page).getByRole('spinbutton').all()) {
    await field.fill(String(Math.min(at, Number(await field.getAttribute('max')))));
  }
  return pickedIndex(page);
}

const shownNumber = async (page: Page) =>
  Number((await shownAt(page).locator('b').textContent())!.replace('−', '-').replaceAll(',', ''));

/** What the engine gives a script for the settings of the page with random input. */
const engineValues = (page: Page, name: string, indices: readonly number[]) =>
  page.evaluate(
    async ({ name: tensor, indices: wanted }) => {
      const { engine, mechanisms } = window.tilescope!;
      const attention = mechanisms.get('attention')!;
      const config = { ...attention.presets[0]!.config, br: 16, bc: 4 };
      const inputs = attention.makeInputs(attention.resolve(config), 1);
      const { outputs } = await engine.run({ mechanism: 'attention', variant: 'flash-v2', config }, { inputs });
      const { data } = (inputs[tensor] ?? outputs[tensor])!;
      return wanted.map((index) => data[index]!);
    },
    { name, indices },
  );

test('an element of an input, and of an output at the end, has the value that a script gets from the engine', async ({
  page,
}) => {
  await openPage(page, RANDOM);
  await rewind(page);
  await expect(page.locator('.origin')).toContainText('live', { timeout: 30_000 });
  await page.waitForFunction(() => window.tilescope !== undefined);
  await openValues(page);
  await panelOf(page).getByLabel('Tensor').selectOption('q');
  const picked = await pickInAll(page, 5);
  await expect(shownAt(page)).toContainText('given');
  const [q] = await engineValues(page, 'q', [picked]);
  expect(Math.abs((await shownNumber(page)) - q!)).toBeLessThanOrEqual(Math.abs(q!) * 1e-6);
  await expect(page).toHaveURL(/sel=at:q,/);

  await panelOf(page).getByLabel('Tensor').selectOption('lse');
  const last = await pickInAll(page, 7);
  await expect(shownAt(page)).toContainText('Not recorded at this step');
  await page.getByRole('button', { name: 'To the end' }).click();
  await expect(shownAt(page)).toContainText('read back');
  const [lse] = await engineValues(page, 'lse', [last]);
  expect(Math.abs((await shownNumber(page)) - lse!)).toBeLessThan(1e-5);
});

test('arrows in the histogram walk the elements; what another view picks is picked here', async ({ page }) => {
  await openPage(page, `${RANDOM}&view=reuse`);
  await openValues(page);
  await panelOf(page).getByLabel('Tensor').selectOption('k');
  await pickInAll(page, 3);
  const before = await pickedIndex(page);
  await panelOf(page).getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => pickedIndex(page)).toBe(before + 1);
  // The page's own keys did not see them.
  await expect(page.getByRole('slider', { name: 'Step', exact: true })).toHaveValue('0');

  const heat = page.getByRole('tabpanel', { name: 'Reuse', exact: true }).getByRole('application').first();
  await heat.focus();
  await page.keyboard.press('ArrowDown');
  const readout = page.getByRole('tabpanel', { name: 'Reuse', exact: true }).locator('.strip-note');
  await expect(readout).toContainText(/^k\[\d+, \d+\]/);
  const [, row, column] = /k\[(\d+), (\d+)\]/.exec((await readout.textContent())!)!.map(Number);
  await expect.poll(() => pickedIndex(page)).toBe(row! * 32 + column!);
});

test('a slice is saved with every value in its place', async ({ page }) => {
  await openPage(page, RANDOM);
  await openValues(page);
  await panelOf(page).getByLabel('Tensor').selectOption('v');
  await pickInAll(page, 2);
  const shown = await shownNumber(page);
  const download = page.waitForEvent('download');
  await panelOf(page)
    .getByRole('button', { name: /^Save v/ })
    .click();
  const file = await readFile(await (await download).path(), 'utf8');
  const cells = file
    .trim()
    .split('\r\n')
    .map((line) => line.split(',').map(Number));
  // Dimensions without names are one column; else the two longest, rows and columns of a head.
  const picked = await pickedIndex(page);
  const cell = cells[0]!.length === 2 ? cells[1 + picked]![1] : cells[1 + Math.floor(picked / 32)]![1 + (picked % 32)];
  expect(cell).toBeCloseTo(shown, 6);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the values, ${colorScheme}; on a phone they fit`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openPage(page, `${RANDOM}&sel=at:q,element:70`);
    await openValues(page);
    expect(await allFindings(page, { parts: ['.values'], contrastOnly: colorScheme === 'dark' })).toEqual([]);

    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('tab', { name: 'Numbers' }).click();
    await openValues(page);
    const wide = await page.locator('.values').evaluate((panel) => [panel.scrollWidth, panel.clientWidth]);
    expect(wide[0]).toBeLessThanOrEqual(wide[1]!);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
}
