// Ten seconds after opening, without a click, a stranger sees their machine at work, and what it means.

import { basename } from 'node:path';
import type { Request } from '@playwright/test';
import { initialScripts } from '../scripts/initial-scripts.mjs';
import { coloursIn, holdBack, openPage, positionOf, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

/** Asked for while the first picture is drawn: what stands beside it, what makes it live, what writes its link into the address. */
const BESIDE = [
  'app/mechanisms/attention/memory.tsx',
  'app/mechanisms/attention/scores-view.ts',
  'app/numbers/NumbersPanel.tsx',
  'app/pictures/source/source.tsx',
  'gpu/mechanisms/attention/index.ts',
  'app/mechanisms/attention/controls.ts',
  'app/state/link/url-sync.ts',
  'app/shell/stage/FirstVisit.tsx',
  'app/mechanisms/attention/welcome.ts',
];

test('the first picture has ink, the story has numbers, and playback runs by itself', async ({ page }) => {
  await openPage(page);
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  await expect(stage.locator('.story-line')).toHaveText(/\d/);
  const before = (await positionOf(page)).tick;
  await expect.poll(async () => (await positionOf(page)).tick).toBeGreaterThan(before);
});

test('a first visit says what the page is, what the picture means and where to go; closed, it stays closed', async ({
  page,
}) => {
  await openPage(page);
  const introduction = page.getByRole('complementary', { name: 'Introduction' });
  await expect(introduction).toContainText('GPU kernels');
  await expect(introduction).toContainText('tile');
  const steps = introduction.locator('.first-visit__next button');
  await expect(steps).toHaveCount(3);
  await introduction.getByRole('button', { name: 'Which word looks at which' }).click();
  await expect(page.getByRole('tab', { name: 'Scores' })).toHaveAttribute('aria-selected', 'true');
  // It is about the first picture, and stands with that.
  await expect(introduction).toBeHidden();
  await page.getByRole('tab', { name: 'Tiling' }).click();
  await introduction.getByRole('button', { name: 'Close the introduction' }).click();
  await expect(introduction).toBeHidden();
  await page.reload();
  await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
  await expect(introduction).toBeHidden();
});

test('a sentence on tiles too small is offered tiles that move less, and they do', async ({ page }) => {
  await openPage(page, '#v=3&br=4&bc=4');
  const story = page.getByRole('main', { name: 'Stage' }).locator('.story');
  await story.getByRole('button', { name: /^Use \d+ × \d+ tiles/ }).click({ timeout: 60_000 });
  await expect(story.locator('.story-line')).toContainText(/saves/, { timeout: 60_000 });
  await expect(story.locator('.remedy')).toHaveCount(0);
});

test('what a first visit loads before the first picture is what the size budget counts', async ({ page }) => {
  const counted = new Set(initialScripts('dist').map((path) => basename(path)));
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('input[aria-label="Step"]:enabled')) return;
      document.documentElement.dataset.pictured = String(performance.timeOrigin + performance.now());
      observer.disconnect();
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  });
  // On a busy machine the engine opens before the first picture is there, and goes on to fetch what comes after it: here it waits.
  const open = await holdBack(page, /\/assets\/worker-[\w-]{8}\.js$/);
  await page.goto('./');
  await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
  open();
  const pictured = Number(await page.evaluate(() => document.documentElement.dataset.pictured));
  // A request tells when it started once it is answered.
  const sent = [...requests];
  await Promise.all(sent.map((request) => request.response()));
  const early = sent
    .filter((request) => request.timing().startTime <= pictured)
    .map((request) => basename(new URL(request.url()).pathname))
    .filter((name) => name.endsWith('.js'));
  const later = new Set(initialScripts('dist', BESIDE).map((path) => basename(path)));
  const uncounted = [...new Set(early)].filter((name) => !counted.has(name) && !later.has(name));
  expect(counted.size).toBeGreaterThan(3);
  expect(uncounted).toEqual([]);
});
