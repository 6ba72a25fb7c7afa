import { seriousFindings } from './axe.ts';
import { EXHIBITS } from './exhibits.ts';
import { coloursIn, openPage, rewind } from './stage.ts';
import { expect, test } from './watched-page.ts';

// Axe looks at some thousand elements a time; on two busy cores that takes a while.
test.setTimeout(180_000);

const RANDOM = '#v=1&in=random&tick=0';

test('axe finds nothing serious in either theme: page, views, table, help; nor at 390 px', async ({ page }) => {
  await openPage(page, RANDOM);
  await rewind(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    // What another theme can change is contrast.
    const contrastOnly = colorScheme === 'dark';
    await page.getByRole('tab', { name: 'Tiling', exact: true }).click();
    expect(await seriousFindings(page, { contrastOnly }), `the page, ${colorScheme}`).toEqual([]);
    // What changes from here on is looked at by itself: a whole page takes axe six seconds.
    const main = { parts: ['.main-view'], contrastOnly };
    for (const title of ['Memory', 'Reuse', 'Timeline']) {
      await page.getByRole('tab', { name: title, exact: true }).click();
      expect(await seriousFindings(page, main), `${title}, ${colorScheme}`).toEqual([]);
    }
    const table = page.getByRole('button', { name: 'Show as a table' });
    await table.click();
    expect(await seriousFindings(page, main), `a table, ${colorScheme}`).toEqual([]);
    await table.click();
    await page.getByRole('button', { name: 'Help and keys' }).click();
    await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
    expect(await seriousFindings(page, { parts: ['dialog'], contrastOnly }), `help, ${colorScheme}`).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await seriousFindings(page), 'at 390 px').toEqual([]);
});

for (const { name, hash, views } of EXHIBITS.slice(1)) {
  test(`${name}: axe finds nothing serious in ${views.join(', ')}, in both themes; in forced colours they have ink`, async ({
    page,
  }) => {
    await openPage(page, hash);
    await rewind(page);
    await page.keyboard.press('End');
    for (const title of views) {
      await page.getByRole('tab', { name: title, exact: true }).click();
      await page.emulateMedia({ forcedColors: 'active' });
      await expect.poll(() => coloursIn(page.getByRole('tabpanel', { name: title, exact: true }))).toBeGreaterThan(2);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, forcedColors: 'none' });
        await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
        const look = { parts: ['.main-view'], contrastOnly: colorScheme === 'dark' };
        expect(await seriousFindings(page, look), `${title}, ${colorScheme}`).toEqual([]);
      }
    }
    // The kernel's many lines are looked at above.
    expect(await seriousFindings(page, { parts: ['.story', '.setup', '.numbers'] }), 'the panels').toEqual([]);
  });
}

test('every button and field has a name, Tab reaches the picture, and the page itself never scrolls, however much its panes hold', async ({
  page,
}) => {
  await openPage(page, RANDOM);
  await rewind(page);
  const nameless = await page.getByRole('button', { name: /^\s*$/ }).count();
  expect(nameless).toBe(0);
  const reached = new Set<string>();
  await page.locator('body').press('Tab');
  for (let i = 0; i < 120; i++) {
    reached.add(
      await page.evaluate(() => document.activeElement?.getAttribute('role') ?? document.activeElement?.tagName ?? ''),
    );
    await page.keyboard.press('Tab');
  }
  expect([...reached]).toEqual(expect.arrayContaining(['BUTTON', 'tab', 'application']));
  for (const [width, height] of [
    [1280, 720],
    [1280, 800],
    [1440, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const tab of await page.getByRole('main', { name: 'Stage' }).getByRole('tab').all()) {
      await tab.click();
      expect(await page.evaluate(() => document.scrollingElement?.scrollHeight), `at ${width} × ${height}`).toBe(
        height,
      );
    }
  }
});

test('the kernel editor says how the keyboard leaves it, and so it does; in presentation the way out can be read', async ({
  page,
}) => {
  await openPage(page, RANDOM);
  const kernel = page.getByRole('region', { name: 'Kernel' });
  await kernel.getByRole('button', { name: 'Edit', exact: true }).click();
  const editor = kernel.getByRole('textbox', { name: /^Source of/ });
  await expect(editor).toHaveAccessibleDescription('Esc, then Tab leaves the editor.');
  await expect(kernel.getByText('Esc, then Tab leaves the editor.')).toBeVisible();
  await expect(editor).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor).not.toBeFocused();

  await page.getByRole('button', { name: 'Present', exact: true }).click();
  const leave = page.getByRole('button', { name: 'Leave presentation (p)' });
  await expect(leave).toBeVisible();
  expect(await leave.evaluate((button) => getComputedStyle(button).opacity)).toBe('1');
  expect(await seriousFindings(page)).toEqual([]);
});

test('words with a card, and the signs for help, are as high as a finger needs', async ({ page }) => {
  await openPage(page, RANDOM);
  await expect(page.getByRole('button', { name: 'What is Causal mask?' })).toBeVisible();
  const small = await page.locator('.term').evaluateAll((terms) =>
    terms.flatMap((term) => {
      const { width, height } = term.getBoundingClientRect();
      const isSmall = height < 24 || (term.matches('.sign') && width < 24);
      return width > 0 && isSmall ? [`${term.textContent} ${width} × ${height}`] : [];
    }),
  );
  expect(small).toEqual([]);
});
