import { defineConfig, type UserConfig } from 'tsdown';

const shared: UserConfig = { platform: 'node', target: 'node20.19', sourcemap: true };

const config: UserConfig[] = defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', command: 'src/command/index.ts' },
    format: ['esm', 'cjs'],
    dts: { oxc: true },
  },
  { ...shared, entry: 'src/bin.ts', format: 'esm', dts: false },
]);
export default config;
