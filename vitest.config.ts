import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { BROWSER_FLAGS, TEST_FLAGS } from './scripts/find-browser.mjs';
import ShardSequencer from './scripts/testing/gpu-shards.mjs';

// unit: pure code, in Node.   gpu: kernels, recorder and engine, in Chromium's WebGPU (*.gpu.test.ts).
// What judges times (*.timing.gpu.test.ts) needs a machine that does nothing else: `npm run test:timing` runs that alone.
const timing = process.env.TILESCOPE_TIMING === '1';

/** Runs at the same time do not share what Vite prepares. */
const shard = process.env.TILESCOPE_SHARD;

export default defineConfig({
  test: {
    sequence: { sequencer: ShardSequencer },
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{gpu,app,scripts}/**/*.test.{ts,tsx,mjs}'],
          exclude: ['**/*.gpu.test.ts', '**/node_modules/**'],
          // Files share what they import: to import it anew for each took two thirds of the time. What a file changes of the world it puts back.
          isolate: false,
          // Against hanging only: a test that takes two seconds takes ten beside other work. What bounds time does so by ratios.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...(shard ? { cacheDir: `node_modules/.vite-${shard}` } : {}),
        // Found in the middle of a run, a dependency would make Vite reload the page under the tests.
        optimizeDeps: {
          include: [
            'fast-check',
            'fflate',
            'pure-rand/distribution/uniformFloat64',
            'pure-rand/generator/xoroshiro128plus',
            'wesl/core',
            'wgsl_reflect',
            'wgsl_reflect/wgsl_reflect.module.js',
            'zod/mini',
          ],
        },
        test: {
          name: 'gpu',
          include: [timing ? '{gpu,app}/**/*.timing.gpu.test.ts' : '{gpu,app}/**/*.gpu.test.ts'],
          exclude: timing ? [] : ['**/*.timing.gpu.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: process.env.TILESCOPE_BROWSER,
                args: timing ? BROWSER_FLAGS : TEST_FLAGS,
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
