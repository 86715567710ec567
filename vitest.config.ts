import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    projects: ['packages/*', 'examples/*', 'scripts', 'benchmarks', 'docs'],
    // Tests wait for processes more than they compute: one worker, the default of two cores, would leave them idle.
    maxWorkers: 2,
  },
});
export default config;
