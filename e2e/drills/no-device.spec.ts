// No WebGPU, or WebGPU without an adapter: what is wrong, what to do on this platform, and shipped recordings that play.

import { coloursIn, openPage, positionOf } from '../stage.ts';
import { expect, test } from '../watched-page.ts';
import { expectAlive, stageOf } from './live-page.ts';
import { NO_ADAPTER, NO_WEBGPU, withWorkerPrelude } from './worker-prelude.ts';

const CASES = [
  { name: 'navigator.gpu is missing', prelude: NO_WEBGPU, said: /does not offer WebGPU/ },
  { name: 'there is no adapter', prelude: NO_ADAPTER, said: /no graphics adapter was found/ },
];

for (const { name, prelude, said } of CASES) {
  test(`${name}: the page says so and plays what is shipped, the gallery included`, async ({ page }) => {
    await withWorkerPrelude(page, prelude);
    await openPage(page);
    const stage = stageOf(page);
    await expect(stage.getByRole('alert')).toContainText(said);
    await expect(stage.getByRole('alert')).toContainText(/Linux|Vulkan/);
    await expect(stage.locator('.origin')).toContainText('shipped recording');
    const { tick } = await positionOf(page);
    await expect.poll(async () => (await positionOf(page)).tick).toBeGreaterThan(tick);
    await expectAlive(page);

    await page.getByRole('button', { name: 'Gallery' }).click();
    const gallery = page.getByRole('dialog', { name: 'Gallery' });
    const preset = gallery.getByRole('article', { name: /causal/i }).first();
    await preset.getByRole('button', { name: 'Memory' }).click();
    await expect(gallery).toBeHidden();
    await expect(page).toHaveURL(/causal=1/);
    await expect(stage.locator('.origin')).toContainText('shipped recording');
    await expect.poll(() => coloursIn(stage)).toBeGreaterThan(4);

    // A sentence typed here cannot run, and is not lost.
    await page.getByRole('radio', { name: 'Sentence' }).check({ force: true });
    await page.getByRole('textbox', { name: 'Sentence' }).fill('Nobody computes this.');
    await expect(page).toHaveURL(/Nobody/);
    await expect(stage).toContainText(/What was asked for cannot run without a device: “.+” plays instead/);
    await expect(page.getByRole('textbox', { name: 'Sentence' })).toHaveValue('Nobody computes this.');
    await expect(stage.getByRole('button', { name: 'Try again' })).toBeVisible();
  });
}

const PLATFORMS = [
  { agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0', said: /On Windows/ },
  { agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Safari', said: /iOS/ },
];

for (const { agent, said } of PLATFORMS) {
  test.describe(agent, () => {
    test.use({ userAgent: agent });
    test('the advice is for this platform', async ({ page }) => {
      await withWorkerPrelude(page, NO_WEBGPU);
      await openPage(page);
      await expect(stageOf(page).getByRole('alert')).toContainText(said);
    });
  });
}
