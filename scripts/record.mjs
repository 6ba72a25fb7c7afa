// Makes public/recordings/: opens the default page and every preset in the tests' browser, waits for the live recording, and saves
// what the page's own Export menu gives. Run after any change to a kernel or a preset; a test refuses stale recordings.
//   npm run recordings
//   npm run recordings -- ssd-        only those whose file names begin so; the others stay as they are

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { withSite } from './site-session.mjs';

const FOLDER = 'public/recordings';
const beginnings = process.argv.slice(2);
const isWanted = ({ file }) => beginnings.length === 0 || beginnings.some((start) => file.startsWith(start));

/** The pages to record, from the project's own registry: the default page first. */
async function listPages(load) {
  const { mechanisms } = await load('/gpu/mechanisms/all.ts');
  const { presetLink } = await load('/app/gallery/preset-link.ts');
  const { encodeLink } = await load('/app/state/link/url-state.ts');
  const presets = [...mechanisms.values()]
    .filter(({ role }) => role === 'mechanism')
    .flatMap((mechanism) =>
      mechanism.presets.map((preset) => ({
        file: `${mechanism.id}-${preset.id}.rec`,
        title: preset.title,
        link: encodeLink(presetLink(mechanism, preset, '')),
      })),
    );
  return [{ file: 'first-page.rec', title: 'The first page', link: '' }, ...presets];
}

/** Saves the live recording of one page. */
async function recordPage(open, { file, link }) {
  const page = await open(link === '' ? '' : `#${link}`, { viewport: { width: 1440, height: 900 } });
  await page.locator('.origin .live').waitFor({ timeout: 120_000 });
  // While the sentence encoder loads, random input may stand in; that run is not the one wanted.
  await page.getByText('Random input stands in').waitFor({ state: 'detached', timeout: 120_000 });
  await page.locator('.story:not(.stale)').waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Recording/ }).click(),
  ]);
  await download.saveAs(join(FOLDER, file));
  await page.context().close();
}

const vite = await createServer({ server: { middlewareMode: true }, appType: 'custom', logLevel: 'warn' });
try {
  const load = (path) => vite.ssrLoadModule(path);
  const { decodeRecordingFile } = await load('/app/state/recordings/recording-file.ts');
  const pages = await listPages(load);
  if (beginnings.length === 0) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await withSite(async (open) => {
    for (const entry of pages.filter(isWanted)) await recordPage(open, entry);
  });
  const index = [];
  for (const entry of pages) {
    const bytes = readFileSync(join(FOLDER, entry.file));
    const recording = await decodeRecordingFile(new Uint8Array(bytes), entry.file);
    console.log(
      `${entry.file}  ${(bytes.length / 1000).toFixed(1)} kB  ${recording.trace.steps.length} steps  ${recording.device.label}`,
    );
    index.push({ ...entry, device: recording.device.label });
  }
  writeFileSync(join(FOLDER, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
} finally {
  await vite.close();
}
