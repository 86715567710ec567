import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const config: UserConfig = defineConfig({ ...published, entry: 'src/index.ts' });
export default config;
