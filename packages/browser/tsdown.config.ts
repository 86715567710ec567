import { rolldown } from 'rolldown';
import { defineConfig, type UserConfig } from 'tsdown';
import { published } from '../../tsdown.base.ts';

const target = 'es2020';

/** Builds the script of a tag to one text, so that a server has it without reading a file. */
async function scriptText(entry: string): Promise<string> {
  const bundle = await rolldown({ input: entry, cwd: import.meta.dirname, transform: { target } });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  return output[0].code.trim();
}

const texts = {
  pages: await scriptText('src/script/pages.ts'),
  pagesAndEvents: await scriptText('src/script/pages-and-events.ts'),
};

const shared: UserConfig = { ...published, fixedExtension: true };

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
