import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    name: 'next',
    globalSetup: 'test/build.ts',
    // A browser and a server for each test that runs: more at once would wait for each other.
    maxConcurrency: 6,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
export default config;
