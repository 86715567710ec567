import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  test: { ...common, name: 'docs', include: ['code/*.test.ts'] },
});
export default config;
