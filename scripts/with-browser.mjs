// Runs a command with TILESCOPE_BROWSER set to the browser that find-browser.mjs chose.
import { spawnSync } from 'node:child_process';
import { findBrowser } from './find-browser.mjs';

const [command, ...args] = process.argv.slice(2);
const browser = await findBrowser();
const { status } = spawnSync(command, args, {
  stdio: 'inherit',
  env: { ...process.env, TILESCOPE_BROWSER: browser, PATH: `node_modules/.bin:${process.env.PATH}` },
});
process.exit(status ?? 1);
