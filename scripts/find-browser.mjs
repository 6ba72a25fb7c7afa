// Finds the browser that runs the kernel and page tests: $TILESCOPE_BROWSER, then the system's Chromium or Chrome, then the one
// Playwright downloaded; else, as root on Debian, installs the `chromium` package. Throws with instructions when all fail.

import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const MAC_APPS = ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);

/** Flags under which headless Chromium has WebGPU without a graphics card (SwiftShader) and makes no calls of its own. */
export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * For what judges results, not times. Workgroup memory is zeroed in a loop, not by a store per word, which SwiftShader takes two thirds of
 * a test's time to compile: docs/decisions/0018-memory-zeroed-in-a-loop.md.
 */
export const TEST_FLAGS = [
  ...BROWSER_FLAGS,
  '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension',
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(':').filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find(isExecutable);
}

async function ofPlaywright() {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return isExecutable(path) ? path : undefined;
}

function installOnDebian() {
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) return undefined;
  console.log('No browser found: installing Debian’s chromium package …');
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'inherit' });
  return onPath();
}

/** Absolute path of an executable Chromium or Chrome. */
export async function findBrowser() {
  const given = process.env.TILESCOPE_BROWSER;
  if (given) {
    if (!isExecutable(given)) throw new Error(`TILESCOPE_BROWSER=${given} is not an executable file`);
    return given;
  }
  const found = onPath() ?? MAC_APPS.find(isExecutable) ?? (await ofPlaywright()) ?? installOnDebian();
  if (found) return found;
  throw new Error(
    'No Chromium or Chrome found. Install one (Debian: apt-get install chromium; others: npx playwright install chromium) or set TILESCOPE_BROWSER=/path/to/it.',
  );
}
