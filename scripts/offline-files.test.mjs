import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { offlineFiles } from './offline-files.mjs';

const folder = mkdtempSync(join(tmpdir(), 'site-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = (path) => `/project/${path}`;

/** A script of the build: its entry, other sources in it, what it imports at once and later. */
function chunk(fileName, entry, { imports = [], later = [], more = [], css = [] } = {}) {
  return {
    fileName,
    facadeModuleId: entry && source(entry),
    moduleIds: [...(entry ? [source(entry)] : []), ...more.map(source)],
    imports,
    dynamicImports: later,
    viteMetadata: { importedCss: new Set(css), importedAssets: new Set() },
  };
}

const CHUNKS = [
  chunk('index.js', 'index.html', {
    imports: ['registry.js'],
    later: ['view.js', 'ssd.js', 'editor.js'],
    css: ['index.css'],
  }),
  chunk('registry.js', null, {
    later: ['attention.js', 'ssd-kernels.js', 'matmul.js'],
    more: ['gpu/mechanisms/registry.ts', 'gpu/mechanisms/ssd/card.ts'],
  }),
  chunk('view.js', 'app/mechanisms/attention/exhibit.ts', { imports: ['index.js', 'strips.js'], later: ['scores.js'] }),
  chunk('scores.js', 'app/mechanisms/attention/scores-view.ts', { imports: ['heat.js'] }),
  chunk('attention.js', 'gpu/mechanisms/attention/index.ts'),
  chunk('ssd.js', 'app/mechanisms/ssd/exhibit.ts', {
    imports: ['index.js', 'strips.js', 'bars.js'],
    later: ['scans.js'],
  }),
  chunk('ssd-kernels.js', 'gpu/mechanisms/ssd/ssd.ts', { imports: ['registry.js'], later: ['decoding.js'] }),
  chunk('decoding.js', 'gpu/mechanisms/ssd/decoding.ts'),
  chunk('matmul.js', 'gpu/primitives/matmul/matmul.ts'),
  chunk('strips.js', null, { more: ['app/pictures/strips/strips.ts'] }),
  chunk('heat.js', null, { more: ['app/pictures/heat/heat.ts'] }),
  chunk('bars.js', null, { more: ['app/pictures/bars/bars.ts'] }),
  chunk('scans.js', 'app/glossary/entries/scans.ts'),
  chunk('editor.js', 'app/shell/kernel/EditKernel.tsx'),
  chunk('recording.js', 'app/state/recordings/recording-file.ts'),
  chunk('engine.js', 'gpu/runtime/worker/worker.ts', { imports: ['registry.js'], later: ['recorder.js'] }),
  chunk('recorder.js', 'gpu/runtime/run/record.ts'),
  chunk('sw.js', 'app/service-worker/service-worker.ts'),
];
const OTHERS = [
  'index.css',
  'index.html',
  'icon.svg',
  'manifest.webmanifest',
  'recordings/a.rec',
  'models/weights.bin',
  'models/LICENSE',
];
for (const path of [...CHUNKS.map(({ fileName }) => fileName), ...OTHERS]) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `text of ${path}`);
}

it('a first visit is the page, its exhibit and the engine; other exhibits, recordings and weights are kept when used', () => {
  const { first, hand, used } = offlineFiles(folder, CHUNKS);
  expect(Object.keys(first)).toEqual(
    [
      ...['attention.js', 'engine.js', 'heat.js', 'icon.svg', 'index.css', 'index.html', 'index.js'],
      ...['manifest.webmanifest', 'recorder.js', 'recording.js', 'registry.js', 'scores.js', 'strips.js', 'view.js'],
    ].sort(),
  );
  expect(Object.keys(hand)).toEqual(['editor.js']);
  expect(Object.keys(used)).toEqual(
    [
      ...['bars.js', 'decoding.js', 'matmul.js', 'models/weights.bin', 'recordings/a.rec', 'scans.js'],
      ...['ssd-kernels.js', 'ssd.js'],
    ].sort(),
  );
});

it('an exhibit is kept as a whole', () => {
  const { together } = offlineFiles(folder, CHUNKS);
  expect(together).toEqual({ 'ssd.js': ['bars.js', 'scans.js'], 'ssd-kernels.js': ['decoding.js'] });
});

it('each file has the digest of its bytes', () => {
  const before = offlineFiles(folder, CHUNKS).used['recordings/a.rec'];
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  writeFileSync(join(folder, 'recordings/a.rec'), 'another recording');
  expect(offlineFiles(folder, CHUNKS).used['recordings/a.rec']).not.toBe(before);
});

it('a root that is no script any more is named', () => {
  const rest = CHUNKS.filter(({ fileName }) => fileName !== 'view.js');
  expect(() => offlineFiles(folder, rest)).toThrow(/exhibit/);
});
