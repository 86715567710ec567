import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const require = createRequire(import.meta.url);

/** Bundles one of the applications in `apps/` to one script, as a customer's bundler does it. */
export async function buildApp(file: string): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`../apps/${file}`, import.meta.url)),
    platform: 'browser',
    transform: {
      define: {
        'process.env.NODE_ENV': '"production"',
        'import.meta.env.DEV': 'false',
        'import.meta.env.SSR': 'false',
        __PREFETCH_DISABLED__: 'false',
        __PREFETCH_PREFETCH_ALL__: 'true',
        __PREFETCH_DEFAULT_STRATEGY__: '"hover"',
        __EXPERIMENTAL_CLIENT_PRERENDER__: 'false',
        ngDevMode: 'false',
        ngServerMode: 'false',
      },
      decorator: { legacy: true },
      jsx: 'react-jsx',
    },
    resolve: {
      extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
      alias: { 'astro:transitions/client': require.resolve('astro/virtual-modules/transitions-router.js') },
    },
    plugins: [astro()],
    onLog: () => {},
  });
  const { output } = await bundle.generate({ format: 'es', minify: true, codeSplitting: false });
  return output[0].code;
}

/** Takes the script out of Astro's `<ClientRouter>`, which is what Astro's own compiler does with it. */
function astro(): Plugin {
  const component = require.resolve('astro/components/ClientRouter.astro');
  return {
    name: 'astro',
    resolveId(id) {
      if (id === 'astro-client-router') return `${component}.ts`;
      return id === 'virtual:astro:adapter-config/client' ? id : undefined;
    },
    async load(id) {
      if (id === 'virtual:astro:adapter-config/client') return 'export const internalFetchHeaders = {};';
      if (id !== `${component}.ts`) return undefined;
      const [, script = ''] = (await readFile(component, 'utf8')).split(/<\/?script>/);
      return script;
    },
  };
}
