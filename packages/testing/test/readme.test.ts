import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { createRecorder } from '@successeve/testing';
import { expect, it, onTestFinished } from 'vitest';
import '@successeve/testing/vitest';
import { createCustomer } from './customer.js';

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, file), 'utf8');

const [, section = ''] = /^## Testing your .*?\n(.*?)^## /ms.exec(await read('../README.md')) ?? [];

it('shows no example in the README but those that are run', async () => {
  const shown = [...section.matchAll(/^```ts\n(?:\/\/ \S+\n)?(.*?)^```/gms)].map(([, code]) => code);
  const express = ['express/app.ts', 'express/app.test.ts'];
  const browser = ['browser/app.ts', 'browser/app.test.ts'];
  const nest = ['nestjs/app.module.ts', 'nestjs/app.test.ts'];
  const files = [...express, ...browser, ...nest, 'process/server.test.ts'].map((file) =>
    read(join('examples', file)),
  );
  expect(shown).toEqual(await Promise.all(files));
});

it('shows a failure in the README as it is', () => {
  const recorder = createRecorder();
  recorder.event('user_registration', { contactUid: 7, params: { plan: 'pro' } });
  recorder.pageview({ contactUid: 7, visitUrl: 'http://127.0.0.1:49152/onboarding' });
  let message = '';
  try {
    expect(recorder).toHaveTracked('user_registration', { contactUid: 7, params: { plan: 'free' } });
  } catch (error) {
    message = stripVTControlCharacters((error as Error).message);
  }
  expect(section).toContain(`\`\`\`\n${message}\n\`\`\``);
});

it('runs the example in Jest too', async () => {
  const names = ['jest', 'express', 'supertest', '@jest/globals', '@successeve/express'];
  const babel = ['@babel/preset-typescript', '@babel/plugin-transform-modules-commonjs'];
  const customer = await createCustomer(Object.fromEntries([...names, ...babel].map((name) => [name, name])));
  onTestFinished(() => customer.remove());
  const test = (await read('examples/express/app.test.ts'))
    .replace('@successeve/testing/vitest', '@successeve/testing/jest')
    .replace("from 'vitest'", "from '@jest/globals'");
  await customer.write({
    'package.json': '{}',
    'babel.config.json': `{ "presets": ["${babel[0]}"], "plugins": ["${babel[1]}"] }`,
    'jest.config.json': '{ "moduleNameMapper": { "^\\\\./(.*)\\\\.js$": "./$1" } }',
    'app.ts': await read('examples/express/app.ts'),
    'app.test.ts': test,
  });

  const printed = await customer.run('jest/bin/jest.js', ['--watchman=false']);

  expect(printed).toContain('1 passed, 1 total');
});
