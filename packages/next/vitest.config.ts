import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common, without } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    ...common,
    name: 'next',
    exclude: [
      ...common.exclude,
      ...without('firefox', '**/*.firefox.*'),
      ...without('webkit', '**/*.webkit.*'),
      ...without('chromium', 'test/{production,cache-components,development}.test.ts'),
    ],
    globalSetup: ['test/build.ts', fileURLToPath(import.meta.resolve('@successeve/test-browser/shared'))],
    // A browser and a server for each test that runs: more at once, of ours or of others, would wait for each other.
    maxConcurrency: 6,
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
export default config;
