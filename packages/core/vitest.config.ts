import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  test: { ...common, name: 'core', testTimeout: 30_000 },
  resolve: { alias: { '#http': fileURLToPath(new URL('src/transport/http-node.ts', import.meta.url)) } },
});
export default config;
