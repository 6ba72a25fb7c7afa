// First of all: without an adapter every other test would look at an apology.

import { expect, test } from './watched-page.ts';

test('the browser gives a WebGPU adapter and a device', async ({ page }) => {
  await page.goto('./');
  const facts = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    const device = await adapter?.requestDevice();
    const limit = device?.limits.maxStorageBuffersPerShaderStage ?? 0;
    device?.destroy();
    return { adapter: Boolean(adapter), limit };
  });
  expect(facts.adapter).toBe(true);
  expect(facts.limit).toBeGreaterThanOrEqual(8);
});
