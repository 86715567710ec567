import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    projects: ['packages/*', 'tests/*', 'scripts', 'benchmarks', 'docs'],
    // Adapters are tested with the core as it is built; source maps lead back to what it is built of.
    coverage: { include: ['packages/*/{src,dist}/**/*.{ts,mjs}'], exclude: ['**/*.test.ts'] },
  },
});
export default config;
