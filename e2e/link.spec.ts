import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { FIRST_RUNS } from './exhibits.ts';
import { fingerprintOf, openPage, positionOf, rewind, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** The address that Share copies. */
async function sharedLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Share/ }).click();
  await expect(page.getByRole('button', { name: /^Share/ })).toHaveText('Link copied');
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Where playback stands: the step itself. Its number differs from run to run, as the order of the workgroups does. */
const placeOf = (page: Page) =>
  page.locator('.position > span').evaluateAll((spans) => spans.slice(1).map((span) => span.textContent));

/** Everything a link says but the number of the step. */
function hashOf(link: string): string {
  return new URL(link).hash.replace(/&tick=\d+/, '');
}

/** Waits for a live run with the cursor where the other page's stands. */
async function expectSamePlace(other: Page, page: Page): Promise<void> {
  await expect(other.locator('.origin')).toContainText('live', { timeout: 30_000 });
  await expect.poll(() => placeOf(other), { timeout: 30_000 }).toEqual(await placeOf(page));
}

const storyOf = (each: Page) => each.locator('.story:not(.stale) .story-line').textContent();

test('a copied link opens the same state in a new page', async ({ page, context }) => {
  await openPage(page, '#v=1&in=random&k=flash-v1&seed=7&tick=0');
  await rewind(page);
  await page.getByRole('tab', { name: 'Memory', exact: true }).click();
  await scrubber(page).fill('9');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('2');
  const link = await sharedLink(page);

  const other = await context.newPage();
  await other.goto(link);
  await expectSamePlace(other, page);
  expect((await positionOf(other)).length).toBe((await positionOf(page)).length);
  await expect(other.getByRole('tab', { name: 'Memory', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(other.getByRole('combobox', { name: 'Kernel variant' })).toHaveValue('flash-v1');
  await expect(other.getByRole('combobox', { name: 'Speed' })).toHaveValue('2');
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  // Each story grows when the variant it compares with has run.
  await expect.poll(async () => (await storyOf(other)) === (await storyOf(page)), { timeout: 30_000 }).toBe(true);
  expect(hashOf(await sharedLink(other))).toBe(hashOf(link));
});

for (const { name, hash, views } of FIRST_RUNS.slice(1)) {
  test(`${name}: a copied link brings back view, step and selection`, async ({ page, context }) => {
    await openPage(page, hash);
    await rewind(page);
    const [first, second] = [views[0]!, views.at(-1)!];
    await scrubber(page).fill('7');
    const picture = page.getByRole('tabpanel', { name: first, exact: true }).getByRole('application').first();
    await picture.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/sel=at:[\w,:]*\w:\d+/);
    await page.getByRole('tab', { name: second, exact: true }).click();
    const link = await sharedLink(page);
    expect(link).toMatch(/tick=7/);

    const other = await context.newPage();
    await other.goto(link);
    await expectSamePlace(other, page);
    await expect(other.getByRole('tab', { name: second, exact: true })).toHaveAttribute('aria-selected', 'true');
    expect(hashOf(await sharedLink(other))).toBe(hashOf(link));
    // Which workgroup goes first differs from run to run; where all are done the pictures are the same.
    for (const each of [page, other]) {
      await each.getByRole('button', { name: 'To the end' }).click();
      await each.getByRole('tab', { name: first, exact: true }).click();
    }
    // The story names the other variant once that has run: the pictures then have the same room.
    await expect.poll(async () => (await storyOf(other)) === (await storyOf(page)), { timeout: 30_000 }).toBe(true);
    const looksOf = (each: Page) => fingerprintOf(each.getByRole('tabpanel', { name: first, exact: true }));
    await expect.poll(async () => (await looksOf(other)) === (await looksOf(page)), { timeout: 30_000 }).toBe(true);
  });
}

test('a link to the end of a run opens there', async ({ page, context }) => {
  await openPage(page, '#v=1&in=random&tick=0');
  await page.getByRole('button', { name: 'To the end' }).click();
  const { length } = await positionOf(page);
  const link = await sharedLink(page);
  const other = await context.newPage();
  await other.goto(link);
  await expect(scrubber(other)).toHaveValue(String(length), { timeout: 30_000 });
});

test('a link opened in an open page stops at its step, in the run that it asks for', async ({ page }) => {
  await openPage(page, '#v=1&in=random&nq=32&nk=32');
  await expect(page.locator('.origin')).toContainText('live', { timeout: 30_000 });
  await page.evaluate(() => {
    location.hash = '#v=1&k=standard&in=random&nq=40&nk=40&tick=21';
  });
  await expect(page.locator('.story:not(.stale) .story-line')).toContainText('40', { timeout: 30_000 });
  await expect(scrubber(page)).toHaveValue('21');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page).toHaveURL(/tick=21(&|$)/);
});

test('Back goes to the exhibit before; meanwhile the old picture is drawn by its own exhibit', async ({ page }) => {
  await openPage(page, '#v=1&in=random&tick=0');
  await expect(page.locator('.origin')).toContainText('live', { timeout: 30_000 });
  const exhibit = page.getByRole('combobox', { name: 'Mechanism' });
  const [, ...others] = FIRST_RUNS.map(({ name }) => name);
  for (const id of others) {
    await exhibit.selectOption(id);
    await expect(page.locator('.story.stale')).toBeVisible();
    const wrong = page.getByRole('main', { name: 'Stage' }).getByText(/NaN|could not be drawn/);
    // What a view is about may speak of NaN, too: that is hidden until it is asked for.
    await expect(wrong.filter({ visible: true })).toHaveCount(0);
    await expect(page.locator('.story:not(.stale)')).toBeVisible({ timeout: 60_000 });
    await expect(page).toHaveURL(new RegExp(`m=${id}`));
  }
  for (const id of others.toReversed().slice(1, 3)) {
    await page.goBack();
    await expect(exhibit).toHaveValue(id);
  }
});

test('undo and redo step through experiments', async ({ page }) => {
  await openPage(page, '#v=1&in=random');
  const variant = page.getByRole('combobox', { name: 'Kernel variant' });
  await expect(variant).toHaveValue('flash-v2');
  await variant.selectOption('standard');
  await expect(page).toHaveURL(/k=standard/);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(variant).toHaveValue('flash-v2');
  await page.getByRole('button', { name: /^Redo/ }).click();
  await expect(variant).toHaveValue('standard');
  await variant.blur();
  await page.keyboard.press('Control+z');
  await expect(variant).toHaveValue('flash-v2');
});

test('what a link changes in a kernel is shown, and the safe answer is the one at hand', async ({ page }) => {
  const shipped = readFileSync(new URL('../gpu/mechanisms/attention/flash-v2.wgsl', import.meta.url), 'utf8');
  const line = 'l *= rescale;';
  expect(shipped).toContain(line);
  const source = encodeURIComponent(shipped.replace(line, 'l *= rescale * 1.5;'));
  await page.goto(`./#v=1&in=random&src.flash-v2.wgsl=${source}`);
  const dialog = page.getByRole('dialog', { name: /brings its own kernel code/ });
  await expect(dialog.locator('del')).toHaveText(/l \*= rescale;/);
  await expect(dialog.locator('ins')).toHaveText(/l \*= rescale \* 1\.5;/);
  await expect(dialog.getByRole('button', { name: 'Use the kernel as shipped' })).toBeFocused();
  // Taken all the same, it runs, and that its output is wrong is said beside the story and first among the numbers.
  await dialog.getByRole('button', { name: 'Run the edited kernel' }).click();
  await expect(page.locator('.origin')).toContainText(/wrong output: out is off by/, { timeout: 60_000 });
  const result = page.getByRole('region', { name: 'Numbers' }).locator('.result-line');
  await expect(result).toContainText(/✗ out is off by/);
  await expect(result).toBeInViewport();
});

test('a link with its own kernel code asks before it runs', async ({ page, context }) => {
  const source = encodeURIComponent('@compute @workgroup_size(1) fn main() {}');
  await page.goto(`./#v=1&in=random&src.flash-v2.wgsl=${source}`);
  const dialog = page.getByRole('dialog', { name: /brings its own kernel code/ });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Use the kernel as shipped' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.origin')).not.toContainText('edited');
  expect(context.pages()).toHaveLength(1);
});
