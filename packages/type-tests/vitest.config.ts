import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  // Each test starts a compiler, and a machine may be busy.
  test: { name: 'types', dir: 'src', testTimeout: 120_000 },
});
export default config;
