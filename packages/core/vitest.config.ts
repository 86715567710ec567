import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';

const source = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

const config: ViteUserConfig = defineConfig({
  test: { ...common, name: 'core', testTimeout: 30_000 },
  resolve: {
    alias: [
      { find: '#platform', replacement: source('platform/node.ts') },
      { find: '#node-server', replacement: source('adapter/node/node-server.ts') },
      // What is tested with sources of @successeve/testing is this source, not what is built of it.
      { find: /^@successeve\/core$/, replacement: source('index.ts') },
      { find: /^@successeve\/core\/queue$/, replacement: source('queue.ts') },
    ],
  },
});
export default config;
