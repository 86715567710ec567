import { defineConfig, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  root: 'page',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    // The first that know `light-dark()`.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The page asks nobody but the server that it comes from, and its policy allows no more.
    modulePreload: { polyfill: false },
    // What is built into the page, with the notices that its licences ask for.
    license: { fileName: 'licenses.md' },
  },
});
export default config;
