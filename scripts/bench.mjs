// Races our kernels against what a web developer would otherwise use, in one page on one adapter, and writes docs/benchmarks.md.
//   npm run bench
//   npm run bench -- --only attention,gemm --rounds 7 --largest 1024 --duel --dry     (duel: only jax-js; dry: write nothing)

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { benchmarkReport } from './bench-report.mjs';
import { BROWSER_FLAGS, findBrowser } from './find-browser.mjs';
import { gpuProcessClock } from './process-time.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = ['@jax-js/jax', '@tensorflow/tfjs-backend-webgpu', 'onnxruntime-web'];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    largest: { type: 'string', default: '2048' },
    duel: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    gpu: { type: 'boolean', default: false },
  },
});

/** On a machine with a graphics card, `--gpu` leaves out the flag that asks for the software adapter. */
const flags = values.gpu ? BROWSER_FLAGS.filter((flag) => !flag.includes('swiftshader')) : BROWSER_FLAGS;

const server = await createServer({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['bench/main.ts'] },
});
await server.listen();
const browser = await chromium.launch({ executablePath: await findBrowser(), args: flags });
try {
  const page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'log') console.log(message.text());
    else if (message.type() === 'error') console.error(message.text().slice(0, 300));
  });
  page.setDefaultTimeout(0);
  await page.goto(`${server.resolvedUrls.local[0]}bench/index.html`);
  await page.waitForFunction(() => window.runBenchmark !== undefined, undefined, { timeout: 120_000 });
  const clock = gpuProcessClock();
  await page.exposeFunction('processorMs', () => clock?.() ?? null);
  const report = await page.evaluate((options) => window.runBenchmark(options), {
    rounds: Number(values.rounds),
    only: values.only.split(',').filter(Boolean),
    largest: Number(values.largest),
    everyone: !values.duel,
  });
  const machine = { processor: cpus()[0]?.model ?? 'unknown processor', cores: cpus().length };
  const versions = PACKAGES.map((name) => {
    const { version } = JSON.parse(readFileSync(`${ROOT}node_modules/${name}/package.json`, 'utf8'));
    return `${name} ${version}`;
  });
  const text = benchmarkReport({ report, machine, versions, browser: browser.version(), date: new Date() });
  console.log(text);
  if (!values.dry) writeFileSync(`${ROOT}docs/benchmarks.md`, text);
} finally {
  await browser.close();
  await server.close();
}
