import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../vitest.base.ts';

// Not vitest.config.ts: vitest would take that of the root for it.
/** The tests of every example: `vitest run --config ../tests.config.ts` in its folder. */
const config: ViteUserConfig = defineConfig({ test: { ...common, testTimeout: 30_000 } });
export default config;
