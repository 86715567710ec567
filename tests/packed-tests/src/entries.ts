import { expect } from 'vitest';
import type { Customer, Runtime } from './customer.js';

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
const notForNode = [
  '@successeve/next/client',
  ...['vitest', 'jest', 'queue-contract', 'adapter-contract'].map((entry) => `@successeve/testing/${entry}`),
];

/** What the packages ask of the application before they load. Next is large, and nothing of it is needed for that. */
export const peers = {
  '@nestjs/common': '^12.5.1',
  '@nestjs/core': '^12.5.1',
  'reflect-metadata': '^0.2.2',
  rxjs: '^7.8.2',
} as const;

/** Checks that whatever may be imported of a package can be, and that `require` answers the same. */
export async function loadEntries(customer: Customer, runtime: Runtime, name: string): Promise<void> {
  const { exports } = JSON.parse(await customer.read(`node_modules/${name}/package.json`));
  const entries = Object.keys(exports)
    .map((entry) => name + entry.slice(1))
    .filter((entry) => !entry.endsWith('/package.json') && !notForNode.includes(entry));
  for (const [file, code] of Object.entries(loaders)) await customer.write({ [file]: `${code}\n${tell}` });
  const esm = await customer.run(runtime, 'load.mjs', ...entries);
  expect(await customer.run(runtime, 'load.cjs', ...entries)).toBe(esm);
  expect(esm.split('\n').filter(Boolean)).toEqual(
    entries.map((entry) => expect.stringMatching(new RegExp(`^${entry} \\w`))),
  );
}
