import { writeFile } from 'node:fs/promises';
import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const publicEntries = {
  index: 'src/index.ts',
  adapter: 'src/adapter.ts',
  queue: 'src/queue.ts',
  dev: 'src/dev.ts',
  api: 'src/api.ts',
};

const config: UserConfig = defineConfig({
  ...published,
  entry: {
    ...publicEntries,
    'platform-node': 'src/platform/node.ts',
    'platform-web': 'src/platform/web.ts',
    'platform-unknown': 'src/platform/unknown.ts',
    'node-server': 'src/adapter/node/node-server.ts',
    'no-node-server': 'src/adapter/web/no-node-server.ts',
  },
  // One set of types: those for `import` re-export those for `require`, which any module may import.
  format: { cjs: {}, esm: { dts: false } },
  async onSuccess() {
    for (const name of Object.keys(publicEntries)) {
      await writeFile(`dist/${name}.d.mts`, `export * from './${name}.cjs';\n`);
    }
  },
  // Neutral: the main entry also runs where there is only `fetch`; a stray import of `node:` would show.
  platform: 'neutral',
  fixedExtension: true,
  // What the entries share is one file: each takes time to find and to load.
  outputOptions: {
    ...published.outputOptions,
    advancedChunks: { groups: [{ name: 'shared', test: /(?<!\.d)\.ts$/, minShareCount: 2 }] },
  },
  // These stay imports, so that the runtime's own condition picks what it has.
  deps: { neverBundle: [/^#/, /^node:/] },
});
export default config;
