import { defineConfig, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  build: { outDir: '../dist', emptyOutDir: true },
  oxc: { jsx: { runtime: 'automatic' } },
  // `npx vite client` serves the pages while you change them; the server next to it does the rest.
  server: { proxy: { '/api': 'http://localhost:3000', '/seen': 'http://localhost:3000' } },
});
export default config;
