import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  // Some tests run test runners and compilers, and a machine may be busy.
  test: { name: 'testing', testTimeout: 60_000 },
});
export default config;
