import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({ test: { name: 'benchmarks', testTimeout: 30_000 } });
export default config;
