// Serves the built site on a free port and opens pages of it in the tests' browser; closes both when `work` is done.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { BROWSER_FLAGS, findBrowser } from './find-browser.mjs';

/**
 * @template T
 * @param {(open: (hash: string, options?: import('playwright').BrowserContextOptions) => Promise<import('playwright').Page>) => Promise<T>} work
 *   `open('#k=flash-v1', { viewport })` gives a page in a context of its own
 * @returns {Promise<T>}
 * @throws when the site is not built, or a page reports an error on its console
 */
export async function withSite(work) {
  if (!existsSync('dist/index.html')) throw new Error('dist/index.html is missing: run npm run build first');
  const server = await preview({ preview: { port: 4390, host: '127.0.0.1' }, logLevel: 'warn' });
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_FLAGS });
  const errors = [];
  try {
    const result = await work(async (hash, options) => {
      const context = await browser.newContext({ serviceWorkers: 'block', ...options });
      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${server.resolvedUrls.local[0]}${hash}`);
      return page;
    });
    if (errors.length > 0) throw new Error(`the page reported errors:\n${errors.join('\n')}`);
    return result;
  } finally {
    await browser.close();
    await server.close();
  }
}
