import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { platforms } from './test-platforms.js';

const nest = join(String(process.env.NEST_FOLDER), 'node_modules');
const here = join(import.meta.dirname, '..');
const tsc = join(here, '../../node_modules/.bin/tsc');

/** A folder in which this package is installed as customers install it, next to the Nest that these tests are for. */
let customer: string;

beforeAll(async () => {
  customer = await mkdtemp(join(tmpdir(), 'successeve-nestjs-'));
  const modules = join(customer, 'node_modules');
  const installed = join(modules, '@successeve/nestjs');
  await cp(join(here, 'dist'), join(installed, 'dist'), { recursive: true });
  await cp(join(here, 'package.json'), join(installed, 'package.json'));
  await cp(join(here, 'test'), customer, { recursive: true });
  for (const name of ['core', 'express', 'fastify'])
    await symlink(join(here, '..', name), join(modules, '@successeve', name));
  for (const folder of ['@nestjs', '@types']) await mkdir(join(modules, folder));
  for (const name of ['common', 'core', 'platform-express', 'platform-fastify']) {
    await symlink(await realpath(join(nest, '@nestjs', name)), join(modules, '@nestjs', name));
  }
  await symlink(await realpath(join(nest, 'rxjs')), join(modules, 'rxjs'));
  await symlink(await realpath(join(here, 'node_modules/@types/express')), join(modules, '@types/express'));
  await symlink(await realpath(join(here, '../../node_modules/@types/node')), join(modules, '@types/node'));
});

afterAll(() => rm(customer, { recursive: true, force: true }));

interface Running {
  readonly api: FakeApi;
  readonly child: ChildProcess;
  readonly url: string;
}

/** The application runs on the customer's Node, which need not be the one of these tests. */
async function start(main: string, platform: string): Promise<Running> {
  const api = await startFakeApi();
  const child = spawn(process.env.MACHINE_NODE ?? process.execPath, [main, platform], {
    cwd: customer,
    env: { ...process.env, SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await api.close();
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Ready at (\S+)$/.exec(line)?.[1];
    if (url) return { api, child, url };
  }
  throw new Error('the application ended before it was ready');
}

describe.each(platforms)('the built package on $name', ({ isFastify }) => {
  it.each([
    ['CommonJS', 'main.cjs'],
    ['ESM', 'main.mjs'],
  ])('works in an application that is %s, and ends by SIGTERM with everything delivered', async (_, main) => {
    const { api, child, url } = await start(main, isFastify ? 'fastify' : 'express');
    const browser = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
      'sec-fetch-dest': 'document',
      'x-user': 'ada',
    };

    expect((await fetch(`${url}/page`, { headers: browser })).status).toBe(200);
    const chosen = await fetch(`${url}/plan`, {
      method: 'POST',
      headers: { ...browser, 'content-type': 'application/json' },
      body: JSON.stringify({ plan: 'gold' }),
    });
    expect(await chosen.json()).toEqual({ plan: 'gold' });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);

    expect(
      api.events.map(({ contact_uid, event_uid, params }) => [contact_uid, event_uid, params?.plan]),
    ).toEqual([
      ['ada', 'plan_seen', 'gold'],
      ['ada', 'plan_seen_in_context', undefined],
      ['ada', 'plan_chosen', 'gold'],
      ['ada', 'pageview', undefined],
    ]);
  });
});

describe('the types of the built package', () => {
  it.each([
    ['CommonJS', 'commonjs'],
    ['ESM', 'module'],
  ])('hold in an application that is %s, has no Fastify, and checks its libraries too', async (_, type) => {
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2023',
      strict: true,
      skipLibCheck: false,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      noEmit: true,
      types: ['node'],
    };
    await writeFile(join(customer, 'package.json'), JSON.stringify({ type }));
    await writeFile(
      join(customer, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['types.ts'] }),
    );

    const { stdout } = await promisify(execFile)(tsc, ['-p', customer]).catch((error) => error);

    expect(stdout).toBe('');
  });
});
