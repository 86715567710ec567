import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({ test: { ...common, name: 'hono', testTimeout: 30_000 } });
export default config;
