import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';
import { scriptText, target } from './build/script-text.ts';

const shared: UserConfig = { ...published, fixedExtension: true };

const texts = {
  pages: await scriptText('pages'),
  pagesAndEvents: await scriptText('pages-and-events'),
};

const config: UserConfig[] = defineConfig([
  { ...shared, entry: 'src/index.ts', platform: 'browser', target },
  {
    ...shared,
    entry: 'src/server.ts',
    platform: 'neutral',
    define: { SCRIPT_TEXTS: JSON.stringify(texts) },
    clean: false,
  },
]);
export default config;
