import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../vitest.base.ts';

/** The same for every example; `vitest run --config ../vitest.config.ts` in its folder. */
const config: ViteUserConfig = defineConfig({ test: { ...common, testTimeout: 30_000 } });
export default config;
