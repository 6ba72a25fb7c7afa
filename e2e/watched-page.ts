// The test function of every end-to-end test: a page whose console and requests are watched, and must stay clean without being asked.

import { test as base, type ConsoleMessage, expect, type Page } from '@playwright/test';

export interface Watched {
  /** Console errors and uncaught exceptions so far. */
  readonly errors: string[];
  /** Requests to another origin so far. */
  readonly foreign: string[];
  /** All requests so far. */
  readonly requests: string[];
}

/** Starts watching; call before the page opens anything. */
export function watch(page: Page, origin: string): Watched {
  const errors: string[] = [];
  const foreign: string[] = [];
  const requests: string[] = [];
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin: from } = new URL(request.url());
    requests.push(request.url());
    if (/^(http|https|ws|wss):$/.test(protocol) && from !== origin) foreign.push(request.url());
  });
  return { errors, foreign, requests };
}

export const test = base.extend<{ watched: Watched }>({
  watched: [
    async ({ page, baseURL }, use) => {
      const watched = watch(page, new URL(baseURL ?? '').origin);
      await use(watched);
      expect(watched.errors, 'console errors').toEqual([]);
      expect(watched.foreign, 'requests to another origin').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
