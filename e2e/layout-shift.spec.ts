// Nothing on the page moves by itself while a first visit's parts come in, its run ends, and what is beside it has run.

import type { Page } from '@playwright/test';
import { openPage } from './stage.ts';
import { expect, test } from './watched-page.ts';

interface Shift {
  value: number;
  what: string[];
}

declare global {
  interface Window {
    shifts: Shift[];
  }
}

/** Notes what moves from now on. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shifts = [];
    const nameOf = (node: Node | null) => (node instanceof Element ? `${node.tagName}.${node.className}` : 'text');
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & {
          value: number;
          sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
        };
        const what = sources.map(
          ({ node, previousRect, currentRect }) =>
            `${nameOf(node)} from ${Math.round(previousRect.y)} to ${Math.round(currentRect.y)}`,
        );
        window.shifts.push({ value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

const shiftsOf = (page: Page) => page.evaluate(() => window.shifts);
const sumOf = (shifts: readonly Shift[]) => shifts.reduce((sum, { value }) => sum + value, 0);
/** What moved most, for the message. */
const worst = (shifts: readonly Shift[]) => JSON.stringify([...shifts].sort((a, b) => b.value - a.value).slice(0, 5));

test.setTimeout(120_000);

for (const [width, height] of [
  [1440, 900],
  [1280, 720],
] as const) {
  test(`at ${width} × ${height} a first visit hardly moves: the parts that come in, the live run, the comparison and the times`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await watchShifts(page);
    await openPage(page);
    await expect(page.locator('.origin .live')).toBeVisible({ timeout: 60_000 });
    await expect(page.locator('.story-line')).toContainText(/saves/i, { timeout: 60_000 });
    // What comes after the comparison.
    await expect(page.locator('.result-line')).toContainText(/ ms/, { timeout: 60_000 });
    const shifts = await shiftsOf(page);
    expect(sumOf(shifts), worst(shifts)).toBeLessThanOrEqual(0.02);
  });
}
