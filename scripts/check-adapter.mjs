// Asserts that the browser gives a WebGPU adapter and device, and names it. Without one, kernel tests would have nothing to test.
//   node scripts/check-adapter.mjs

import { createServer } from 'node:http';
import { chromium } from 'playwright';
import { BROWSER_FLAGS, findBrowser } from './find-browser.mjs';

/** Runs in the page: adapter facts, or why there are none. */
async function askForDevice() {
  if (!navigator.gpu) return { reason: 'navigator.gpu is missing: this browser has no WebGPU' };
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) return { reason: 'requestAdapter() gave null' };
  const device = await adapter.requestDevice();
  const { vendor, architecture, description } = adapter.info;
  device.destroy();
  return {
    adapter: [vendor, architecture, description].filter(Boolean).join(' · ') || 'unnamed adapter',
    features: [...adapter.features].sort(),
  };
}

const path = await findBrowser();
// WebGPU exists in secure contexts only; a loopback address is one, about:blank is not.
const server = createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end('<!doctype html><title>adapter</title>');
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const browser = await chromium.launch({ executablePath: path, args: BROWSER_FLAGS });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const facts = await page.evaluate(askForDevice);
  console.log(`browser: ${path} ${browser.version()}`);
  if (facts.reason) {
    console.error(`No WebGPU adapter: ${facts.reason}. Flags used: ${BROWSER_FLAGS.join(' ')}`);
    process.exitCode = 1;
  } else console.log(`adapter: ${facts.adapter}\nfeatures: ${facts.features.join(' ')}`);
} finally {
  await browser.close();
  server.close();
}
