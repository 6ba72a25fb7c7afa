import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { coloursIn, openPage, scrubber } from './stage.ts';
import { expect, test } from './watched-page.ts';

test.use({ serviceWorkers: 'allow' });

test.setTimeout(120_000);

/** Waits until the service worker stands between the page and the network, and has fetched what is at hand. */
async function kept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 45_000 });
  const { first, hand } = JSON.parse(readFileSync('dist/.vite/offline-files.json', 'utf8'));
  const count = Object.keys({ ...first, ...hand }).length;
  const entries = () =>
    page.evaluate(async () => {
      const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return all.flat().length;
    });
  await expect.poll(entries, { timeout: 45_000 }).toBeGreaterThanOrEqual(count);
  // What scripts may ask for comes last, and is kept as it comes.
  await page.waitForFunction(() => 'tilescope' in window, undefined, { timeout: 45_000 });
  await expect(async () => {
    const before = await entries();
    await page.waitForTimeout(2000);
    expect(await entries()).toBe(before);
  }).toPass({ timeout: 45_000 });
}

test('after the first visit the page works without a network, sentence encoder included', async ({ page, context }) => {
  await openPage(page);
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 45_000 });
  await kept(page);
  await context.setOffline(true);
  // What this first visit has not loaded yet is there too.
  await page.getByRole('region', { name: 'Kernel' }).getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('textbox', { name: /^Source of/ })).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(scrubber(page)).toBeEnabled({ timeout: 30_000 });
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 45_000 });
  await page.getByRole('textbox', { name: 'Sentence' }).fill('No network, and yet it reads.');
  await expect(page.getByRole('img', { name: /broken/ })).toHaveCount(0);
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 30_000 });
});

test('a visited exhibit works without a network after a reload, and so does the first one', async ({
  page,
  context,
}) => {
  await openPage(page, '#v=2&m=ssd&in=random&tick=0');
  const stage = page.getByRole('main', { name: 'Stage' });
  const live = () => expect(stage.locator('.origin')).toContainText(/live/, { timeout: 45_000 });
  await live();
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await live();
  await expect(stage.getByRole('tab', { name: 'Decay' })).toBeVisible();
  await stage.getByRole('tab', { name: 'Decay' }).click();
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(2);
  // The page's own exhibit comes with every first visit.
  const exhibit = page.getByRole('combobox', { name: 'Mechanism' });
  await exhibit.selectOption('attention');
  await expect(page.locator('.story:not(.stale) .story-line')).toContainText('To attend', { timeout: 45_000 });
});

test('an exhibit that was never visited says that it needs the network once, the old picture stays, and it comes when the network is back', async ({
  page,
  context,
  watched,
}) => {
  await openPage(page, '#v=2&in=random&seed=2&tick=0');
  const stage = page.getByRole('main', { name: 'Stage' });
  await expect(stage.locator('.origin')).toContainText(/live/, { timeout: 45_000 });
  await kept(page);
  await context.setOffline(true);
  await page.getByRole('combobox', { name: 'Mechanism' }).selectOption('selective-scan');
  const words = stage.getByText(/“Selective scan \(Mamba\)” could not be loaded\. .*needs the network once: try again/);
  await expect(words.first()).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.story-line')).toContainText('To attend');
  await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);
  await expect(scrubber(page)).toBeEnabled();
  const ofTheNetwork = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to (load|fetch)|could not be loaded/;
  expect(watched.errors.filter((error) => !ofTheNetwork.test(error))).toEqual([]);
  watched.errors.length = 0;

  await context.setOffline(false);
  await stage.getByRole('button', { name: 'Try again' }).first().click();
  await expect(page.locator('.story:not(.stale) .story-line')).toContainText('time steps', { timeout: 45_000 });
  await expect(words).toHaveCount(0);
});

test('what is fetched at installation is the first visit alone: no recording, no weights, no other exhibit', () => {
  const worker = readFileSync('dist/sw.js', 'utf8');
  const lists = JSON.parse(readFileSync('dist/.vite/offline-files.json', 'utf8')) as Record<
    'first' | 'hand' | 'used',
    object
  >;
  expect(worker).toContain(JSON.stringify(lists.first));
  const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8')) as Record<string, { file: string }>;
  const first = Object.keys(lists.first);
  expect(first.filter((path) => /^(recordings|models)\//.test(path))).toEqual([]);
  const others = Object.keys(manifest).filter((source) =>
    /^(app|gpu)\/mechanisms\/(?!attention\/)[^/]+\//.test(source),
  );
  expect(others.length).toBeGreaterThan(6);
  expect(others.filter((source) => first.includes(manifest[source]!.file))).toEqual([]);
  // Stacks use the mechanism, too: then its file is shared, and nobody's entry.
  const mechanism = Object.keys(manifest).find((source) =>
    /^_attention-|^gpu\/mechanisms\/attention\/index\.ts$/.test(source),
  );
  for (const own of ['app/mechanisms/attention/exhibit.ts', mechanism!]) expect(first).toContain(manifest[own]!.file);
  const ofStacks = Object.keys(manifest).filter((source) =>
    /^(app\/models|gpu\/model\/(stack|block|foreign))\//.test(source),
  );
  expect(ofStacks.length).toBeGreaterThan(2);
  expect(ofStacks.filter((source) => first.includes(manifest[source]!.file))).toEqual([]);
  expect(Object.keys(lists.hand)).toContain(manifest['app/shell/kernel/EditKernel.tsx']!.file);
});
