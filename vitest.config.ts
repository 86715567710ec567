import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    projects: ['packages/*', 'examples/*', 'scripts', 'benchmarks', 'docs'],
  },
});
export default config;
