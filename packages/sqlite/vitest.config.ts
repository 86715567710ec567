import { defineConfig, type ViteUserConfig } from 'vitest/config';

// The disk of a busy machine takes its time.
const config: ViteUserConfig = defineConfig({ test: { name: 'sqlite', testTimeout: 30_000 } });
export default config;
