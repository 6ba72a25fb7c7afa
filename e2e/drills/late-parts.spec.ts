// Parts of the page and the engine that load when they are needed, over a network that fails just then: said where it shows, and
// another try brings them.

import type { Page } from '@playwright/test';
import { coloursIn, holdBack, openPage } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, expectLive, RANDOM, stageOf } from './live-page.ts';

/** Fails requests for chunks of this name while `cut.off` holds. */
async function cutOff(page: Page, chunk: string): Promise<{ off: boolean }> {
  const cut = { off: true };
  await page.route(new RegExp(`/assets/${chunk}-[\\w-]{8}\\.js$`), (route) =>
    cut.off ? route.abort() : route.continue(),
  );
  return cut;
}

/** The console says only what was done on purpose: nothing else may stand there. */
function expectOnly(errors: string[], pattern: RegExp): void {
  expect(errors.filter((error) => !pattern.test(error))).toEqual([]);
  errors.length = 0;
}

test('a view that cannot be fetched says so in its place, and comes when it is asked for again', async ({
  page,
  watched,
}) => {
  const cut = await cutOff(page, 'reuse');
  await openPage(page, RANDOM);
  const stage = stageOf(page);
  await page.getByRole('tab', { name: 'Reuse' }).click();
  await expect(stage.getByRole('alert')).toContainText('The view “Reuse” could not be loaded');
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible();
  cut.off = false;
  await stage.getByRole('button', { name: 'Draw again' }).click();
  await expect(stage.getByRole('alert')).toHaveCount(0);
  await expect.poll(() => coloursIn(stage.getByRole('tabpanel', { name: 'Reuse' }))).toBeGreaterThan(2);
  await expectAlive(page);
  expectOnly(watched.errors, /reuse-|“Reuse” could not be loaded/);
});

test('a run that waits for the encoder can be cancelled, and made after all', async ({ page }) => {
  const arrive = await holdBack(page, '**/weights.bin');
  await openPage(page, '#v=3&tick=0');
  const stage = stageOf(page);
  await expect(stage.locator('.story-foot')).toContainText(/Loading the encoder, [\d.]+ of 7\.9 MB/);
  await stage.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(stage.locator('.stage-status')).toContainText('Cancelled.');
  arrive();
  await page.waitForTimeout(1000);
  await expect(stage.locator('.stage-status')).toContainText('Cancelled.');
  await expect(stage.locator('.origin')).toContainText('shipped recording');
  await stage.getByRole('button', { name: 'Run', exact: true }).click();
  await expectLive(page);
  await expectAlive(page);
});

test('a recorder that cannot be fetched is named, and the next run has it', async ({ page, watched }) => {
  const cut = await cutOff(page, 'record');
  await page.goto(`./${RANDOM}`);
  const stage = stageOf(page);
  await expect(stage).toContainText('the recorder could not be loaded', { timeout: 45_000 });
  cut.off = false;
  await page.getByRole('button', { name: /again/i }).first().click();
  await expectLive(page);
  await expectAlive(page);
  expectOnly(watched.errors, /record-/);
});
