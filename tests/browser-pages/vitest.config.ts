import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common, without } from '../../vitest.base.ts';

const config: ViteUserConfig = defineConfig({
  test: {
    ...common,
    name: 'browser-pages',
    exclude: [
      ...common.exclude,
      ...['chromium', 'firefox', 'webkit'].flatMap((engine) => without(engine, `**/*.${engine}.*`)),
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
export default config;
