import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  // npm installs what customers install, and a machine may be busy.
  test: {
    ...common,
    name: 'packed',
    dir: join(import.meta.dirname, 'src'),
    globalSetup: 'src/pack.ts',
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
export default config;
