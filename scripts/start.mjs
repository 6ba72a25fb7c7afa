// npm start: builds the site when it is missing or older than its sources, serves it and prints the address.
//   --port 5000   another port (the next free one is taken when it is busy)
//   --no-open     do not open a browser

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LEAST_NODE = [20, 19];
const SOURCES = ['app', 'gpu', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];
const BUILT = 'dist/index.html';

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  console.error(`Tilescope needs Node ${LEAST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

function newestChange(path) {
  if (!existsSync(path)) return 0;
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

const isStale = () => !existsSync(BUILT) || Math.max(...SOURCES.map(newestChange)) > statSync(BUILT).mtimeMs;

/** Opening a browser makes sense where a person sits in front of a screen. */
function hasScreen() {
  if (!process.stdout.isTTY || process.env.CI) return false;
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

checkNode();
const args = process.argv.slice(2);
const given = args.includes('--port') ? args[args.indexOf('--port') + 1] : '4173';
const port = Number(given);
if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
  console.error(`--port ${given}: not a port number`);
  process.exit(1);
}
if (!existsSync('node_modules/vite')) {
  console.error('The packages are not installed yet: run npm ci first.');
  process.exit(1);
}
const { build, preview } = await import('vite');
if (isStale()) await build({ logLevel: 'warn' });
const server = await preview({
  preview: {
    port,
    open: hasScreen() && !args.includes('--no-open'),
  },
});
const [address] = server.resolvedUrls.local;
console.log(
  `\n  Tilescope runs at ${address}\n  Use a browser with WebGPU (Chrome, Edge, Safari 26, Firefox 141 or newer). Stop with Ctrl+C.\n`,
);
