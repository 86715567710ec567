import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common, without } from '../../vitest.base.ts';

// Commands are processes of their own, like the browser that visits the page: both take their time on a busy machine.
const config: ViteUserConfig = defineConfig({
  test: {
    ...common,
    name: 'cli',
    globalSetup: fileURLToPath(import.meta.resolve('@successeve/test-browser/shared')),
    exclude: [...common.exclude, ...without('chromium', 'test/page/**')],
    testTimeout: 30_000,
  },
});
export default config;
