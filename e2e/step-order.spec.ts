// Playback by workgroup: a rehearsed talk is the same in class, whatever order the device runs the workgroups in.

import type { Page } from '@playwright/test';
import { openPage, rewind, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

const PRESET = '#v=3&in=random&bc=16&br=16&headDim=32&nk=64&nq=64&tick=0';
const words = (page: Page) => page.locator('.position').textContent();

async function live(page: Page, hash: string): Promise<void> {
  await openPage(page, hash);
  await expect(page.locator('.origin')).not.toContainText('shipped', { timeout: 30_000 });
  await rewind(page);
}

test('by workgroup, two loads go through the same steps; the link keeps the order, and the step stays itself in both', async ({
  page,
  context,
}) => {
  await live(page, PRESET);
  const order = page.getByRole('combobox', { name: 'Order of the steps' });
  await expect(order).toHaveValue('recorded');
  await order.selectOption('by workgroup');
  await expect(page).toHaveURL(/order=workgroup/);
  const walk = async (on: Page) => {
    const seen: (string | null)[] = [];
    for (let tick = 1; tick <= 30; tick++) {
      await scrubber(on).fill(String(tick));
      await expect(on.locator('.position')).toContainText(`step ${tick} of`);
      seen.push(await words(on));
    }
    return seen;
  };
  const workgroups = async () => (await walk(page)).map((text) => Number(/workgroup (\d+)/.exec(text ?? '')?.[1]));
  const isAscending = (list: number[]) => list[0] === 0 && list.every((each, i) => i === 0 || each >= list[i - 1]!);
  await expect.poll(async () => isAscending(await workgroups())).toBe(true);
  const first = await walk(page);
  await expect(page).toHaveURL(/at=/);
  const step = (await words(page))?.replace(/^step [\d,]+ of [\d,]+/, '');
  const address = page.url();
  const other = await context.newPage();
  await live(other, new URL(address).hash.replace(/&(tick|at)=[^&]*/g, ''));
  await expect(other.getByRole('combobox', { name: 'Order of the steps' })).toHaveValue('workgroup');
  await expect.poll(() => walk(other)).toEqual(first);
  await other.close();
  await order.selectOption('as recorded');
  await expect(page).not.toHaveURL(/order=/);
  await expect.poll(async () => (await words(page))?.replace(/^step [\d,]+ of [\d,]+/, '')).toBe(step);
});
