import { defineConfig, type ViteUserConfig } from 'vitest/config';

// Commands are processes of their own, which take their time on a busy machine.
const config: ViteUserConfig = defineConfig({ test: { name: 'cli', testTimeout: 30_000 } });
export default config;
