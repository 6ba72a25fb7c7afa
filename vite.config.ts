import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `base: './'` keeps every address relative, so the built site works from any sub-path.
export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { target: 'es2023', assetsInlineLimit: 0 },
});
