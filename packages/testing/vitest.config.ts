import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    ...common,
    name: 'testing',
    // Some tests run test runners and compilers: more of them than cores would only wait for each other.
    maxConcurrency: availableParallelism(),
    testTimeout: 60_000,
  },
});
export default config;
