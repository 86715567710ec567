import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Customer, node } from './customer.js';

/** What loads modules and says what is in each, in either form. */
const loaders = {
  'load.mjs': 'for (const name of process.argv.slice(2)) tell(name, await import(name));',
  'load.cjs': 'for (const name of process.argv.slice(2)) tell(name, require(name));',
};
const tell = `
  function tell(name, module) {
    // In CommonJS, a module with nothing but a default is that default.
    const names = typeof module === 'function' ? ['default'] : Object.keys(module).sort();
    console.log(name, names.join(' '));
  }
`;

/** They need a browser or a test runner around them, and have suites of their own there. */
const notForNode = ['@successeve/next/client', '@successeve/testing/vitest', '@successeve/testing/jest'];

let customer: Customer;

beforeAll(async () => {
  const theirs = {
    '@nestjs/common': '^12.5.1',
    '@nestjs/core': '^12.5.1',
    'reflect-metadata': '^0.2.2',
    rxjs: '^7.8.2',
  };
  // Without what else they ask of the application: Next is large, and nothing here needs it to load.
  customer = await Customer.begin({ ours: Object.keys(inject('tarballs')), theirs }, '--legacy-peer-deps');
  for (const [file, code] of Object.entries(loaders)) await customer.write({ [file]: `${code}\n${tell}` });
});
afterAll(() => customer?.remove());

/** What somebody may import of a package, as it is installed. */
async function entriesOf(name: string): Promise<string[]> {
  const { exports } = JSON.parse(await customer.read(`node_modules/${name}/package.json`));
  const entries = Object.keys(exports).map((entry) => name + entry.slice(1));
  return entries.filter((entry) => !entry.endsWith('/package.json') && !notForNode.includes(entry));
}

describe.each(Object.keys(inject('tarballs')))('%s, installed with all the others,', (name) => {
  it('exports the same to ESM and to CommonJS', async () => {
    const entries = await entriesOf(name);
    const esm = await customer.run(node, 'load.mjs', ...entries);
    expect(await customer.run(node, 'load.cjs', ...entries)).toBe(esm);
    expect(esm.split('\n').filter(Boolean)).toEqual(
      entries.map((entry) => expect.stringMatching(new RegExp(`^${entry} \\w`))),
    );
  });

  it('lets nobody import what is no entry', async () => {
    await expect(customer.run(node, 'load.mjs', `${name}/dist/index.mjs`)).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });
});

it('successeve dev serves its page, and everything that the page loads', async () => {
  const { url } = await customer.start(
    node,
    ['node_modules/.bin/successeve', 'dev', '--port', '0'],
    {},
    /^ {2}Page +(\S+)$/,
  );
  const page = await fetch(url);
  expect(page.headers.get('content-type')).toMatch('text/html');
  const assets = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  expect(assets).not.toEqual([]);
  for (const asset of assets) expect((await fetch(new URL(asset, url))).status, asset).toBe(200);
});

it.each(['successeve', 'successeve-queue', 'successeve-relay'])('%s tells how it is used', async (bin) => {
  expect(await customer.run(node, `node_modules/.bin/${bin}`, '--help')).toContain(bin);
});
