import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The gateway’s policy allows no `data:` scripts or styles, and a file of its own can be kept by the browser.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
