import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({ test: { ...common, name: 'command-line' } });
export default config;
