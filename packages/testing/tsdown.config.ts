import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const config: UserConfig[] = defineConfig([
  { ...published, entry: ['src/index.ts', 'src/handler.ts', 'src/vitest.ts', 'src/jest.ts'] },
  // The contracts are for vitest, which is ESM only.
  {
    ...published,
    entry: {
      'queue-contract': 'src/queue-contract.ts',
      'adapter-contract': '../../tests/adapter-contract/src/index.ts',
    },
    format: 'esm',
    clean: false,
    copy: { from: '../../tests/adapter-contract/src/files', to: 'dist' },
    deps: {
      alwaysBundle: ['@successeve/test-scale'],
      neverBundle: [/^@successeve\/(core|testing)/, 'vitest'],
    },
  },
]);
export default config;
