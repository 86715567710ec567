import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  // Some tests run test runners and compilers, and a machine may be busy.
  test: { ...common, name: 'testing', testTimeout: 60_000 },
});
export default config;
