import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Compiler, diagnosticsIn, openCustomer, type Resolution } from './customer.js';

/** What an application has installed: one package of ours, and what that one leaves to the application. */
const customers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  express: ['express', '@types/express'],
  koa: ['koa', '@types/koa'],
  nestjs: ['@nestjs/common', '@types/express', 'rxjs'],
  next: ['next'],
  // The recorder is no package that an application imports everything from.
  testing: ['@successeve/core'],
};

const builds: readonly [Compiler, Resolution][] = [
  ['TypeScript 7', 'as ESM'],
  ['TypeScript 7', 'as CommonJS'],
  ['TypeScript 7', 'for a bundler'],
  ['TypeScript 5', 'as ESM'],
];

function source(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '../customers', `${name}.ts`), 'utf8');
}

/** The lines that must not compile, as comments say, and what the compiler has to say about each. */
function errorsExpectedIn(text: string): { line: number; message: string }[] {
  return text.split('\n').flatMap((code, index) => {
    const message = /\/\/ error: (.+)$/.exec(code)?.[1];
    return message === undefined ? [] : [{ line: index + 1, message: expect.stringContaining(message) }];
  });
}

describe.each(builds)('compiled by %s %s,', (compiler, resolution) => {
  it.each(Object.keys(customers))(
    'a catalogue that is registered in an application with %s alone types exactly what it should',
    async (name) => {
      const ours = `@successeve/${name}`;
      const theirs = ['@types/node', 'valibot', ...(customers[name] ?? [])];
      const customer = await openCustomer(name, [ours, ...theirs]);
      const registering = name === 'testing' ? '@successeve/core' : ours;
      await customer.write('events.ts', (await source('events')).replaceAll('@successeve/core', registering));
      const text = await source(name);
      await customer.write('app.ts', text);

      const printed = await customer.compile('app.ts', compiler, resolution);

      expect(diagnosticsIn(printed)).toEqual(errorsExpectedIn(text));
    },
  );

  it('without a catalogue that is registered, any event may be tracked', async () => {
    const customer = await openCustomer('core', ['@successeve/core', '@types/node']);
    const text = await source('unregistered');
    await customer.write('app.ts', text);

    const printed = await customer.compile('app.ts', compiler, resolution);

    expect(diagnosticsIn(printed)).toEqual(errorsExpectedIn(text));
  });
});
