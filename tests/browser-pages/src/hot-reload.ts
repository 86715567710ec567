import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '@successeve/test-browser/engines';
import { createServer } from 'vite';
import { expect, it } from 'vitest';
import { startSite } from './site.js';
import { Visitor } from './visitor.js';

/** The module that an application begins with. It is replaced as a whole, so it starts reporting again. */
const main = (version: number): string => `
  import { startReporting } from '@successeve/browser';
  import { show } from './view.js';
  startReporting();
  window.version = ${version};
  show();
  import.meta.hot.accept();
  import.meta.hot.accept('./view.js', ({ show }) => show());`;

const view = (heading: string): string =>
  `export const show = () => { document.querySelector('h1').textContent = '${heading}' };`;

const document_ = `<!doctype html><title>app</title><h1></h1>
  <button onclick="history.pushState(null, '', '/a')">a</button><script type="module" src="/main.js"></script>`;

/** Edits an application while its page is shown, with Vite's development server in front as the documentation has it. */
export function hotReloadScenarios(engine: () => Engine): void {
  it('a page counts once when modules are replaced in it', async () => {
    await using site = await startSite({ browser: { documents: true }, routes: () => {} });
    const root = await mkdtemp(join(tmpdir(), 'hot-reload-'));
    const write = (file: string, text: string): Promise<void> => writeFile(join(root, file), text);
    await Promise.all([
      write('index.html', document_),
      write('main.js', main(1)),
      write('view.js', view('one')),
    ]);
    const vite = await createServer({
      root,
      configFile: false,
      logLevel: 'error',
      cacheDir: join(root, 'cache'),
      server: { host: '127.0.0.1', port: 0, proxy: { '/seen': site.url }, fs: { strict: false } },
      resolve: {
        alias: { '@successeve/browser': fileURLToPath(import.meta.resolve('@successeve/browser')) },
      },
    });
    try {
      await vite.listen();
      await using visitor = await Visitor.signIn(engine(), site);
      await visitor.goto(vite.resolvedUrls?.local[0] ?? '');
      await visitor.sees('one');
      await visitor.tab.evaluate('void (window.isKept = true)');
      await write('view.js', view('two'));
      await visitor.sees('two');
      await write('main.js', main(2));
      await visitor.until('window.version === 2');
      await visitor.stays();
      await visitor.tab.click('button');
      await visitor.stays();
      await write('main.js', main(3));
      await visitor.until('window.version === 3');
      expect(await visitor.tab.evaluate('window.isKept')).toBe(true);
      await visitor.goto('/bye');
      await visitor.hasSeen('/', '/a');
    } finally {
      await vite.close();
      await rm(root, { recursive: true });
    }
  });
}
