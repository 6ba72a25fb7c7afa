import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS, findBrowser, TEST_FLAGS } from './scripts/find-browser.mjs';

const PORT = Number(process.env.TILESCOPE_E2E_PORT ?? 4317);
// The built site, below a path of several parts: it must not matter where it is put.
const BASE = '/some/sub/path/';

/** What judges how long the page computes, or what it keeps: a second page beside it would be judged too. */
const ALONE = ['**/playback.spec.ts', '**/first-visit.spec.ts', '**/soak.spec.ts', '**/many-links.spec.ts'];

/** What a quiet machine is needed for: `npm run e2e:timing` runs that, and nothing else. */
const TIMING = '**/*.timing.spec.ts';
const executablePath = await findBrowser();
const timing = process.env.TILESCOPE_TIMING === '1';

export default defineConfig({
  testDir: 'e2e',
  // What the registry lists, for tests that go through all of it.
  globalSetup: './scripts/list-exhibits.mjs',
  testMatch: '*.spec.ts',
  outputDir: 'test-results/e2e',
  // Two pages at a time: one computes while the other loads.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: `http://127.0.0.1:${PORT}${BASE}`,
    viewport: { width: 1440, height: 900 },
    // A service worker would answer requests unseen; the offline test lets it in.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath, args: BROWSER_FLAGS },
  },
  projects: timing
    ? [{ name: 'timing', use: { browserName: 'chromium' }, testMatch: TIMING, workers: 1 }]
    : [
        {
          name: 'chromium',
          use: { browserName: 'chromium', launchOptions: { executablePath, args: TEST_FLAGS } },
          testIgnore: [...ALONE, TIMING],
        },
        // As everyone's browser is.
        { name: 'alone', use: { browserName: 'chromium' }, testMatch: ALONE, workers: 1, dependencies: ['chromium'] },
      ],
  webServer: {
    command: `vite preview --base ${BASE} --host 127.0.0.1 --port ${PORT} --strictPort`,
    url: `http://127.0.0.1:${PORT}${BASE}`,
    reuseExistingServer: false,
  },
});
