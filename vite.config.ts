import { fileURLToPath, pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { firstChunks } from './scripts/first-chunks.mjs';
import { serviceWorker } from './scripts/service-worker-plugin.mjs';

// Nothing from another origin, no inline script, no eval. Only the built site carries it: the dev server injects inline modules.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  // The code editor puts <style> elements into the page, and a static host cannot hand out nonces.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

/**
 * Builds workers as entries of the same graph as the page. Vite builds each one alone, with its own copy of the mechanisms, schemas and
 * trace code; so a visit loads those once, and a change of a kernel changes one file.
 */
const sharedWorkers: Plugin = {
  name: 'shared-workers',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    const folder = new URL('.', pathToFileURL(id));
    const shared = code.replace(/new URL\('(\.\/[\w.-]*worker\.ts)', import\.meta\.url\)/g, (_, file: string) => {
      const chunk = this.emitFile({ type: 'chunk', id: fileURLToPath(new URL(file, folder)) });
      return `import.meta.ROLLUP_FILE_URL_${chunk}`;
    });
    return shared === code ? null : shared;
  },
};

// `base: './'` keeps every address relative, so the built site works from any sub-path.
export default defineConfig({
  base: './',
  plugins: [react(), sharedWorkers, contentSecurityPolicy, serviceWorker],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    manifest: true,
    // The preloading Vite adds to dynamic imports needs a document, which a worker has not.
    modulePreload: false,
    rolldownOptions: {
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: firstChunks() }] } },
    },
  },
});
