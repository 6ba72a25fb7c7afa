// Every check and test of the project, in one command, with real totals. A failing stage does not stop the later ones.
//   npm test                     all stages
//   npm test -- unit layers      only these, for work in progress
// Ends with the line `N passed, N failed`; exit status 1 when anything failed.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findBrowser } from './find-browser.mjs';
import { countOutcome, formatTable, sumCounts } from './test-counts.mjs';

const REPORTS = 'test-results/reports';
const STAGE_LIMIT_MS = 25 * 60_000;

/** @param shards so many runs at the same time, each of a part of the files and in a browser of its own */
const vitest = (project, shards = 1) => ({
  kind: 'vitest',
  command: ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json'],
  report: `${REPORTS}/${project}.json`,
  shards,
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
  // A browser compiles one kernel at a time: two use both cores.
  gpu: vitest('gpu', 2),
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
  const { kind, command, report, shards = 1 } = STAGES[name];
  console.log(`\n── ${name} ── ${command.join(' ')}`);
  const start = performance.now();
  const parts = Array.from({ length: shards }, async (_, i) => {
    const part = shards > 1 ? report.replace('.json', `-${i + 1}.json`) : report;
    const args = [...command];
    if (kind === 'vitest') args.push(`--outputFile.json=${part}`);
    if (shards > 1) args.push(`--shard=${i + 1}/${shards}`);
    const env = {
      ...process.env,
      PATH: `${process.cwd()}/node_modules/.bin:${process.env.PATH}`,
      TILESCOPE_BROWSER: browser ?? '',
      TILESCOPE_SHARD: shards > 1 ? String(i + 1) : '',
      PLAYWRIGHT_JSON_OUTPUT_NAME: part ?? '',
    };
    const status = await runCommand(args, env);
    return countOutcome({ kind, status, report: part && readReport(part) });
  });
  const counts = sumCounts(await Promise.all(parts));
  return { name, seconds: (performance.now() - start) / 1000, counts };
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
