import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    ...common,
    name: 'next',
    globalSetup: 'test/build.ts',
    // A browser and a server for each test that runs: more at once, of ours or of others, would wait for each other.
    maxConcurrency: 6,
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
export default config;
