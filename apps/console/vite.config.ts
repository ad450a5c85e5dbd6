import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** Static files for `api` to serve, unknown paths answered with index.html. */
export default defineConfig({
  root: here,
  plugins: [react()],
  build: {
    outDir: `${checkout}dist/apps/console`,
    emptyOutDir: true,
    target: 'es2023',
    // Scripts are inline nowhere, so that the page may forbid inline scripts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
