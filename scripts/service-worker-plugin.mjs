// Builds app/service-worker/ as sw.js beside the page, and writes the list of the site's files into it.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { offlineFiles } from './offline-files.mjs';

const SOURCE = fileURLToPath(new URL('../app/service-worker/service-worker.ts', import.meta.url));

function bytesOf(folder, paths) {
  return paths.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
}

/** @type {import('vite').Plugin} */
export const serviceWorker = {
  name: 'service-worker',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: SOURCE, fileName: 'sw.js' });
  },
  writeBundle: {
    order: 'post',
    handler({ dir }, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const worker = chunks.find(({ fileName }) => fileName === 'sw.js');
      if (!worker || worker.imports.length > 0)
        throw new Error('sw.js must stand alone: a classic worker imports nothing');
      const files = offlineFiles(dir, chunks);
      const path = join(dir, 'sw.js');
      const code = readFileSync(path, 'utf8');
      if (!code.includes('SITE_FILES')) throw new Error('sw.js has no place for the list of files');
      writeFileSync(
        path,
        code.replace(/\bSITE_FILES\b/g, () => JSON.stringify(files)),
      );
      writeFileSync(join(dir, '.vite/offline-files.json'), JSON.stringify(files, null, 1));
      const size = (list) => {
        const paths = Object.keys(files[list]);
        return `${paths.length} files, ${(bytesOf(dir, paths) / 1e6).toFixed(2)} MB`;
      };
      console.log(
        `service worker: at installation ${size('first')}; when idle ${size('hand')}; when used ${size('used')}`,
      );
    },
  },
};
