// Every check and test of the project, in one command, with real totals. A failing stage does not stop the later ones.
//   npm test                     all stages
//   npm test -- unit layers      only these, for work in progress
// Ends with the line `N passed, N failed`; exit status 1 when anything failed.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { checkExhibitTimes } from './exhibit-time.mjs';
import { findBrowser } from './find-browser.mjs';
import { countOutcome, formatTable, sumCounts } from './test-counts.mjs';

const REPORTS = 'test-results/reports';
const STAGE_LIMIT_MS = 25 * 60_000;

const vitest = (project) => ({
  kind: 'vitest',
  command: ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json'],
  report: `${REPORTS}/${project}.json`,
});

/** One of playwright.config.ts's projects, without those that it comes after. */
const playwright = (project, name) => ({
  kind: 'playwright',
  command: ['playwright', 'test', `--project=${project}`, '--no-deps', '--reporter=list,json'],
  report: `${REPORTS}/${name}.json`,
});

// In order: first whether anything can be tested here, then the quick checks, then the tests, then what is built and shipped.
const STAGES = {
  adapter: { kind: 'check', command: ['node', 'scripts/check-adapter.mjs'] },
  format: { kind: 'check', command: ['biome', 'format', '.'] },
  lint: { kind: 'check', command: ['biome', 'lint', '--error-on-warnings', '.'] },
  // Once with the tests, once without: what only tests use is no part of the product.
  unused: { kind: 'check', command: ['npm', 'run', '--silent', 'check:unused'] },
  layers: { kind: 'check', command: ['node', 'scripts/check-layers.mjs'] },
  types: { kind: 'check', command: ['tsc', '--noEmit'] },
  unit: vitest('unit'),
  gpu: {
    ...vitest('gpu'),
    // Two runs at the same time, each of a part of the files: a browser compiles one kernel at a time, two use both cores.
    shards: 2,
    // What processor time each file took, and what exhibits may take.
    times: `${REPORTS}/gpu-times.json`,
    judge: checkExhibitTimes,
  },
  build: { kind: 'check', command: ['vite', 'build'] },
  size: { kind: 'check', command: ['size-limit'] },
  e2e: playwright('chromium', 'e2e'),
  // By themselves: they run whatever became of the others.
  alone: playwright('alone', 'alone'),
};

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @returns {Promise<number | null>} exit status; null when it was killed or could not start */
function runCommand([command, ...args], env) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', env, timeout: STAGE_LIMIT_MS, killSignal: 'SIGKILL' });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      done(null);
    });
    child.on('exit', (status) => done(status));
  });
}

async function runStage(name, browser) {
  const { kind, command, report, times, judge, shards = 1 } = STAGES[name];
  console.log(`\n── ${name} ── ${command.join(' ')}`);
  const start = performance.now();
  const partOf = (path, i) => (shards > 1 ? path?.replace('.json', `-${i + 1}.json`) : path);
  const parts = Array.from({ length: shards }, async (_, i) => {
    const part = partOf(report, i);
    const args = [...command];
    if (kind === 'vitest') args.push(`--outputFile.json=${part}`);
    if (shards > 1) args.push(`--shard=${i + 1}/${shards}`);
    if (times) args.push('--reporter=./scripts/gpu-time-reporter.mjs');
    const env = {
      ...process.env,
      PATH: `${process.cwd()}/node_modules/.bin:${process.env.PATH}`,
      TILESCOPE_BROWSER: browser ?? '',
      TILESCOPE_SHARD: shards > 1 ? String(i + 1) : '',
      PLAYWRIGHT_JSON_OUTPUT_NAME: part ?? '',
      TILESCOPE_GPU_TIMES: partOf(times, i) ?? '',
    };
    const status = await runCommand(args, env);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    if (shards > 1) console.log(`${name}: shard ${i + 1} of ${shards} took ${seconds} s`);
    return countOutcome({ kind, status, report: part && readReport(part) });
  });
  const outcomes = await Promise.all(parts);
  const seconds = (performance.now() - start) / 1000;
  if (judge) {
    const { counts, table } = judge(Array.from({ length: shards }, (_, i) => readReport(partOf(times, i))));
    console.log(`\nProcessor time of GPU tests, by folder\n${table}`);
    outcomes.push(counts);
  }
  return { name, seconds, counts: sumCounts(outcomes) };
}

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in STAGES));
  if (unknown.length > 0) {
    console.error(`No stage ${unknown.join(', ')}. Stages: ${Object.keys(STAGES).join(' ')}`);
    process.exit(2);
  }
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  const browser = await findBrowser().catch((error) => console.error(String(error.message)));
  const results = [];
  for (const name of wanted.length > 0 ? wanted : Object.keys(STAGES)) results.push(await runStage(name, browser));

  const sum = (key) => results.reduce((total, { counts }) => total + counts[key], 0);
  console.log(`\n${formatTable(results)}\n`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exit(sum('failed') > 0 ? 1 : 0);
}

await main();
