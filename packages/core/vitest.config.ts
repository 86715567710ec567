import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: { name: 'core', testTimeout: 30_000 },
  resolve: { alias: { '#http': fileURLToPath(new URL('src/transport/http-node.ts', import.meta.url)) } },
});
export default config;
