import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  // Whole applications start here.
  test: { ...common, name: 'scripts', testTimeout: 60_000 },
});
export default config;
