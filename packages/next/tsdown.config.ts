import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const shared: UserConfig = { ...published, fixedExtension: true };

const config: UserConfig[] = defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      edge: 'src/edge.ts',
      config: 'src/config.ts',
      relay: 'src/relay/index.ts',
      'relay-edge': 'src/relay/edge.ts',
      'relay-pages': 'src/relay/pages.ts',
    },
    // Neutral: an edge bundle must not meet `node:`; a stray import of it would show.
    platform: 'neutral',
    deps: { neverBundle: ['next', /^node:/] },
  },
  {
    ...shared,
    entry: { client: 'src/client.ts' },
    platform: 'browser',
    target: 'es2020',
    minify: true,
    clean: false,
  },
]);
export default config;
