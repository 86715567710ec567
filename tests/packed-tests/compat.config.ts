import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** What is promised of runtimes that this machine need not have: `pnpm run compat`, which downloads them. */
const config: ViteUserConfig = defineConfig({
  test: {
    name: 'compat',
    dir: join(import.meta.dirname, 'compat'),
    globalSetup: 'src/pack.ts',
    reporters: ['tree'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
export default config;
