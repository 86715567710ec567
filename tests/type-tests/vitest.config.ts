import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  // Each test starts a compiler, and a machine may be busy.
  test: {
    ...common,
    name: 'types',
    dir: join(import.meta.dirname, 'src'),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
export default config;
