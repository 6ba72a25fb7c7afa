// What every drill ends with: the page answers, and nothing of the user's is lost.

import type { Locator, Page } from '@playwright/test';
import { coloursIn, positionOf, rewind, scrubber } from '../stage.ts';
import { expect } from '../watched-page.ts';

export const RANDOM = '#v=1&in=random&tick=0';

export const stageOf = (page: Page): Locator => page.getByRole('main', { name: 'Stage' });
export const setupOf = (page: Page): Locator => page.getByRole('region', { name: 'Set up' });

/** Waits until a recording made on this device is on the stage, and nothing newer is under way. */
export async function expectLive(page: Page): Promise<void> {
  await expect(stageOf(page).locator('.origin')).toContainText('live', { timeout: 45_000 });
  await expect(stageOf(page).locator('.story')).not.toHaveClass(/stale/, { timeout: 45_000 });
}

/** The picture has ink, and playback obeys. */
export async function expectAlive(page: Page): Promise<void> {
  await expect(scrubber(page)).toBeEnabled();
  await expect.poll(() => coloursIn(stageOf(page))).toBeGreaterThan(4);
  const { length } = await rewind(page);
  await page.getByRole('button', { name: 'One step on' }).click();
  expect((await positionOf(page)).tick).toBe(1);
  expect(length).toBeGreaterThan(1);
}

/** Asks for another run: a new seed of the random input. */
export async function nextSeed(page: Page): Promise<string> {
  const seed = page.getByRole('spinbutton', { name: 'Seed' });
  const before = await seed.inputValue();
  await setupOf(page).getByRole('button', { name: 'Next', exact: true }).click();
  await expect(seed).not.toHaveValue(before);
  return seed.inputValue();
}
