import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({ test: { name: 'browser', testTimeout: 30_000 } });
export default config;
