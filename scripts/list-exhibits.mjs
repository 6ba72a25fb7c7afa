// Before end-to-end tests: writes what the registry lists (exhibits, presets, views, and which view has a picture of which preset's shipped
// recording) to test-results/exhibits.json, so that no test keeps a list of its own. The sources are read as Vite reads them.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'vite';
import { coveringPresets } from './exhibit-runs.mjs';

const FOLDER = 'test-results';
const recordings = 'public/recordings';

/** Views that have a test of their own, e2e/growth.spec.ts: they run the device for many seconds. */
const ELSEWHERE = new Set(['growth']);

async function exhibitsOf(load) {
  const { mechanisms } = await load('/gpu/mechanisms/all.ts');
  const { loadView } = await load('/app/mechanisms/load-view.ts');
  const { loadWholeView } = await load('/app/exhibit/whole-view.ts');
  const { stageViews } = await load('/app/exhibit/picked-view.ts');
  const { presetLink } = await load('/app/gallery/preset-link.ts');
  const { encodeLink } = await load('/app/state/link/url-state.ts');
  const { decodeRecordingFile } = await load('/app/state/recordings/recording-file.ts');
  const listed = JSON.parse(readFileSync(`${recordings}/index.json`, 'utf8'));
  const exhibits = [];
  for (const card of mechanisms.values()) {
    if (card.role !== 'mechanism') continue;
    const all = await Promise.all(stageViews(await loadView(card.id)).map(loadWholeView));
    const views = all.filter(({ id }) => !ELSEWHERE.has(id));
    const shown = ({ id, title, timeless = false, study }) => ({
      id,
      title,
      isStill: timeless,
      hasStudy: study !== undefined,
    });
    const presets = [];
    for (const preset of card.presets) {
      const link = encodeLink(presetLink(card, preset, ''));
      const { file } = listed.find((entry) => entry.link === link) ?? {};
      if (!file) throw new Error(`${card.id}, ${preset.id}: no recording is shipped; run npm run recordings`);
      const recording = await decodeRecordingFile(new Uint8Array(readFileSync(`${recordings}/${file}`)), file);
      const drawn = views.filter((view) => (view.nothing?.(recording) ?? null) === null);
      presets.push({
        id: preset.id,
        title: preset.title,
        link,
        views: drawn.map(shown),
      });
    }
    const exhibit = { id: card.id, title: card.title, views: views.map(shown), presets };
    exhibits.push({ ...exhibit, runs: coveringPresets(exhibit) });
  }
  return exhibits;
}

export default async function listExhibits() {
  const vite = await createServer({
    server: { middlewareMode: true, hmr: false, ws: false },
    appType: 'custom',
    logLevel: 'warn',
  });
  try {
    const exhibits = await exhibitsOf((path) => vite.ssrLoadModule(path));
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}/exhibits.json`, `${JSON.stringify(exhibits, null, 1)}\n`);
  } finally {
    await vite.close();
  }
}
