import { defineConfig, type UserConfig } from 'tsdown';

const config: UserConfig = defineConfig({
  entry: {
    index: 'src/index.ts',
    adapter: 'src/adapter/index.ts',
    ping: 'src/ping.ts',
    'http-node': 'src/transport/http-node.ts',
    'http-fetch': 'src/transport/http-fetch.ts',
  },
  format: ['esm', 'cjs'],
  // Neutral: the main entry also runs where there is only `fetch`; a stray import of `node:` would show.
  platform: 'neutral',
  target: 'node20.19',
  fixedExtension: true,
  // `#http` stays an import, so that the runtime's own condition picks the transport.
  deps: { neverBundle: ['#http', /^node:/] },
  dts: { oxc: true },
  sourcemap: true,
});
export default config;
