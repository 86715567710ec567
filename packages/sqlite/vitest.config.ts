import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

// The disk of a busy machine takes its time.
const config: ViteUserConfig = defineConfig({ test: { ...common, name: 'sqlite', testTimeout: 30_000 } });
export default config;
