import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { common } from '../../vitest.base.ts';
import nest11 from './nest11/package.json' with { type: 'json' };

const here = import.meta.dirname;
const test = {
  ...common,
  dir: join(here, 'src'),
  // Some tests start applications and compilers, and a machine may be busy.
  testTimeout: 30_000,
};

/** The same tests twice: with the Nest that this package has installed, and with the one of nest11. */
const config: ViteUserConfig = defineConfig({
  test: {
    ...common,
    projects: [
      { test: { ...test, name: 'Nest 12', env: { NEST_FOLDER: here } } },
      {
        root: join(here, 'nest11'),
        resolve: { dedupe: Object.keys(nest11.dependencies) },
        test: { ...test, name: 'Nest 11', env: { NEST_FOLDER: join(here, 'nest11') } },
      },
    ],
  },
});
export default config;
