import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const config: UserConfig[] = defineConfig([
  { ...published, entry: { index: 'src/index.ts', command: 'src/command/index.ts' } },
  { ...published, entry: 'src/bin.ts', format: 'esm', dts: false },
]);
export default config;
