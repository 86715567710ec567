import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Application, type Compiler, compile, diagnosticsIn, type Resolution } from './customer.js';

/** What an application has installed: one package of ours, and what that one leaves to the application. */
const customers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  express: ['express', '@types/express'],
  koa: ['koa', '@types/koa'],
  fastify: ['fastify'],
  hono: ['hono'],
  nestjs: ['@nestjs/common', '@types/express', 'rxjs'],
  next: ['next'],
  // The recorder is not a package that an application imports everything from.
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

/** Everything that is compiled, in one run of a compiler. */
async function applications(): Promise<Record<string, Application>> {
  const events = await source('events');
  const registered = Object.entries(customers).map(async ([name, theirs]) => {
    const ours = `@successeve/${name}`;
    const registering = name === 'testing' ? '@successeve/core' : ours;
    const application: Application = {
      from: name,
      packages: [ours, '@types/node', 'valibot', ...theirs],
      files: {
        'events.ts': events.replaceAll('@successeve/core', registering),
        'app.ts': await source(name),
      },
    };
    return [name, application] as const;
  });
  const unregistered: Application = {
    from: 'core',
    packages: ['@successeve/core', '@types/node'],
    files: { 'app.ts': await source('unregistered') },
  };
  // Ours finds the types of Express 5, as where an application on each major shares a workspace.
  const express4: Application = {
    from: 'express',
    packages: ['@successeve/express', '@types/node'],
    aliases: { '@types/express': 'types-express4' },
    files: { 'app.ts': await source('express4') },
  };
  return { ...Object.fromEntries(await Promise.all(registered)), unregistered, express4 };
}

describe.each(builds)('compiled by %s %s,', (compiler, resolution) => {
  let printed: string;
  beforeAll(async () => {
    printed = await compile(await applications(), compiler, resolution);
  });

  it.each(Object.keys(customers))(
    'a catalogue that is registered in an application with %s alone types exactly what it should',
    async (name) => {
      expect(diagnosticsIn(printed, name)).toEqual(errorsExpectedIn(await source(name)));
    },
  );

  it('an application on Express 4 mounts a package that finds the types of Express 5', async () => {
    expect(diagnosticsIn(printed, 'express4')).toEqual(errorsExpectedIn(await source('express4')));
  });

  it('without a catalogue that is registered, any event may be tracked', async () => {
    const expected = errorsExpectedIn(await source('unregistered'));
    expect(diagnosticsIn(printed, 'unregistered')).toEqual(expected);
  });
});
