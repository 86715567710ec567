import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common, without } from '../../vitest.base.ts';

// Whole processes and a real Redis: on a busy machine they take their time.
const config: ViteUserConfig = defineConfig({
  test: {
    ...common,
    name: 'bullmq',
    exclude: [...common.exclude, ...without('redis', '**')],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
export default config;
