import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const shared: UserConfig = { ...published, target: 'node22.13' };

const config: UserConfig[] = defineConfig([
  { ...shared, entry: { index: 'src/index.ts', command: 'src/command/index.ts' } },
  { ...shared, entry: 'src/bin.ts', format: 'esm', dts: false },
]);
export default config;
