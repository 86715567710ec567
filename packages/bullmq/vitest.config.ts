import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Whole processes and a real Redis: on a busy machine they take their time.
const config: ViteUserConfig = defineConfig({
  test: { name: 'bullmq', testTimeout: 60_000, hookTimeout: 60_000 },
});
export default config;
