import { execFileSync } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject, installCopy, type ProjectParts, write } from '../../test/project.js';
import { checkProject } from './check-project.js';
import type { Finding } from './finding.js';
import { readProject } from './project.js';

/** Such as real tokens are. Made up here, so that no file of this repository holds it. */
const token = Array.from({ length: 4 }, (_, index) => (0xa7c3e + index * 7919).toString(16)).join('');

const env = { SUCCESSEVE_API_TOKEN: token };

async function check(
  folder: string,
  machine: { version?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<readonly Finding[]> {
  const findings = await checkProject(readProject(folder), { version: 'v24.0.0', env, ...machine });
  // Whatever is found, the token is told to nobody.
  expect(JSON.stringify(findings)).not.toContain(token);
  return findings;
}

async function checkParts(parts: ProjectParts): Promise<readonly Finding[]> {
  return check(await createProject(parts));
}

/** A `package.json` that names packages. */
function naming(...packages: string[]): string {
  return JSON.stringify({ dependencies: Object.fromEntries(packages.map((name) => [name, '*'])) });
}

const express = { packages: ['@successeve/express', 'express'] };
const nest = {
  packages: ['@successeve/nestjs', '@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'],
};

const nextPackages = ['@successeve/next', 'next', 'react', 'react-dom'];
const nextFiles = {
  'next.config.mjs': `import { withSuccessEve } from '@successeve/next/config';
export default withSuccessEve({});`,
  'app/page.jsx': 'export default () => null;',
  'app/api/successeve/route.js': "export { POST } from '@successeve/next/relay';",
  'instrumentation.js': "import { registerTracking } from '@successeve/next';",
};

describe('packages', () => {
  it.each([
    ['Express', express],
    ['Koa', { packages: ['@successeve/koa', 'koa'] }],
    ['Fastify', { packages: ['@successeve/fastify', 'fastify'] }],
    ['Nest', nest],
    ['Next', { packages: nextPackages, files: nextFiles }],
  ])('are found to be whole and to fit where they are: %s', async (_, parts) => {
    expect(await checkParts(parts)).toEqual([]);
  });

  it.each(['express', 'koa', 'fastify', 'nestjs', 'next'])(
    'are found to be sound in our own example: %s',
    async (name) => {
      expect(await check(join(import.meta.dirname, '../../../../examples', name))).toEqual([]);
    },
  );

  it('are found to be named, but not installed', async () => {
    const files = { 'package.json': naming('@successeve/koa') };
    expect(await checkParts({ files })).toMatchObject([
      {
        severity: 'error',
        what: 'package.json names @successeve/koa, but it is not installed.',
      },
    ]);
  });

  it('are found to be of two cores', async () => {
    const files = { 'package.json': naming('@successeve/core', '@successeve/express') };
    const folder = await createProject({ ...express, files });
    await installCopy('@successeve/core', join(folder, 'node_modules/@successeve/core'), {
      version: '9.1.0',
    });
    await write(join(folder, 'node_modules/isbot'), { 'package.json': '{}' });
    expect(await check(folder)).toMatchObject([
      {
        severity: 'error',
        what: 'The packages of SuccessEve do not match: @successeve/core 9.1.0, @successeve/express 0.0.0, @successeve/core 0.0.0.',
        fix: 'Give all of them one version: npm install @successeve/core@9.1.0 @successeve/express@9.1.0',
      },
    ]);
  });

  it('are found to be two cores of one version', async () => {
    const files = { 'package.json': naming('@successeve/core', '@successeve/express') };
    const folder = await createProject({ ...express, files });
    const copy = join(folder, 'node_modules/@successeve/core');
    await installCopy('@successeve/core', copy, {});
    await write(join(folder, 'node_modules/isbot'), { 'package.json': '{}' });
    expect(await check(folder)).toMatchObject([
      {
        severity: 'warning',
        what: expect.stringContaining(`@successeve/core is installed 2 times: ${copy}, `),
      },
    ]);
  });

  it('are found to be of different versions, on one core', async () => {
    const files = { 'package.json': naming('@successeve/core', '@successeve/express') };
    const folder = await createProject({ packages: ['@successeve/core', 'express'], files });
    const adapter = join(folder, 'node_modules/@successeve/express');
    await installCopy('@successeve/express', adapter, { version: '9.1.0' });
    expect(await check(folder)).toMatchObject([
      {
        severity: 'warning',
        what: 'The packages of SuccessEve do not match: @successeve/core 0.0.0, @successeve/express 9.1.0.',
      },
    ]);
  });

  it.each([
    ['v20.19.0', []],
    ['v20.18.0', ['needs Node >=20.19, and this is v20.18.0', 'needs Node >=20.19, and this is v20.18.0']],
    ['v26.0.0-nightly1', []],
  ])('are compared with the Node that runs: %s', async (version, expected) => {
    const findings = await check(await createProject(express), { version });
    expect(findings.map(({ what }) => what)).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  it('may want a newer Node than others', async () => {
    const files = { 'package.json': naming('@successeve/express', '@successeve/sqlite') };
    const folder = await createProject({ ...express, files });
    await installCopy('@successeve/express', join(folder, 'node_modules/@successeve/sqlite'), {
      name: '@successeve/sqlite',
      engines: { node: '>=22.13.0' },
      dependencies: {},
      peerDependencies: {},
    });
    expect(await check(folder, { version: 'v20.20.2' })).toMatchObject([
      {
        severity: 'error',
        what: '@successeve/sqlite 0.0.0 needs Node >=22.13.0, and this is v20.20.2.',
      },
    ]);
    expect(await check(folder, { version: 'v22.13.0' })).toEqual([]);
  });

  it.each([
    [
      'express',
      '3.21.2',
      '@successeve/express 0.0.0 works with express ^4.17.0 || ^5.0.0, and this is 3.21.2.',
    ],
    ['express', '4.22.3', undefined],
    ['koa', '1.7.1', '@successeve/koa 0.0.0 works with koa ^2.7.0 || ^3.0.0, and this is 1.7.1.'],
    ['fastify', '4.29.1', '@successeve/fastify 0.0.0 works with fastify ^5.0.0, and this is 4.29.1.'],
    ['next', '14.2.0', '@successeve/next 0.0.0 works with next >=15.3.0, and this is 14.2.0.'],
    ['next', '17.0.0-canary.4', undefined],
  ])('are compared with the framework: %s %s', async (framework, version, expected) => {
    const folder = await createProject({ packages: [`@successeve/${framework}`] });
    await write(join(folder, 'node_modules', framework), { 'package.json': JSON.stringify({ version }) });
    const findings = await check(folder);
    expect(findings.map(({ what }) => what)).toEqual(expected ? [expected] : []);
  });

  it('are found to lack what they need beside them', async () => {
    const packages = nest.packages.filter((name) => name !== 'rxjs');
    expect(await checkParts({ packages })).toMatchObject([
      { severity: 'error', what: '@successeve/nestjs 0.0.0 works with rxjs ^7.2.0, and there is none.' },
    ]);
  });

  it('are found to lack isbot', async () => {
    const folder = await createProject({ files: { 'package.json': naming('@successeve/core') } });
    await installCopy('@successeve/core', join(folder, 'node_modules/@successeve/core'), {});
    expect(await check(folder)).toMatchObject([
      {
        severity: 'error',
        what: 'isbot, which @successeve/core needs, is not installed.',
        why: 'Without it no bot is recognised, and the pages that crawlers fetch count as visits.',
      },
    ]);
  });
});

describe('settings', () => {
  it.each([
    ['.env', 'FIRST=1\nSUCCESSEVE_API_URL=http://tracking.example.com\n', 'SUCCESSEVE_API_URL in .env:2'],
    ['.env.local', 'export SUCCESSEVE_API_URL="not a URL"', 'SUCCESSEVE_API_URL in .env.local:1'],
    ['.env', 'SUCCESSEVE_API_TOKEN="with blank"', 'SUCCESSEVE_API_TOKEN in .env:1'],
    ['.env', "SUCCESSEVE_API_TOKEN='with\nbreak'", 'SUCCESSEVE_API_TOKEN in .env:1'],
  ])('are found not to be usable in %s: %j', async (file, text, where) => {
    const findings = await checkParts({ ...express, files: { [file]: text } });
    expect(findings).toMatchObject([
      { severity: 'error', what: expect.stringContaining(`${where} cannot be used: api`) },
    ]);
  });

  it('are found not to be usable in the environment, in the words of the tracker itself', async () => {
    const folder = await createProject(express);
    const SUCCESSEVE_API_URL = 'http://tracking.example.com';
    expect(await check(folder, { env: { ...env, SUCCESSEVE_API_URL } })).toMatchObject([
      {
        what: 'SUCCESSEVE_API_URL in the environment cannot be used: apiUrl: expected https:, or http: to loopback, since a token must not travel in clear, got http:.',
      },
    ]);
    expect(await check(folder, { env: { SUCCESSEVE_API_TOKEN: `${token}\n` } })).toMatchObject([
      {
        what: 'SUCCESSEVE_API_TOKEN in the environment cannot be used: apiToken: expected visible ASCII, got white space or others in it.',
      },
    ]);
  });

  it('are fine when a tracker takes them', async () => {
    const files = {
      '.env': `SUCCESSEVE_API_TOKEN=${token}\nSUCCESSEVE_API_URL=https://proxy.example.com/successeve`,
      '.env.development': 'SUCCESSEVE_API_TOKEN=anything\nSUCCESSEVE_API_URL=http://127.0.0.1:4319',
      '.env.example': 'SUCCESSEVE_API_TOKEN=\nSUCCESSEVE_API_URL=http://example.com',
    };
    expect(await checkParts({ ...express, files })).toEqual([]);
  });

  it('are found to keep production on the machine itself', async () => {
    const url = 'SUCCESSEVE_API_URL=http://127.0.0.1:4319\n';
    const files = { '.env.development': url, '.env.production': url };
    expect(await checkParts({ ...express, files })).toMatchObject([
      { severity: 'warning', what: 'SUCCESSEVE_API_URL in .env.production:1 is on the machine itself.' },
    ]);
  });

  it('lack a token', async () => {
    const folder = await createProject({ ...express, files: { '.env': 'SUCCESSEVE_API_TOKEN=\n' } });
    expect(await check(folder, { env: {} })).toMatchObject([
      {
        severity: 'warning',
        what: 'SUCCESSEVE_API_TOKEN is set neither in the environment nor in a .env file here.',
      },
    ]);
    await write(folder, { '.env.local': `SUCCESSEVE_API_TOKEN=${token}` });
    expect(await check(folder, { env: {} })).toEqual([]);
  });
});

describe('the repository', () => {
  async function createRepository(files: Record<string, string>, untracked = {}): Promise<string> {
    const folder = await createProject({ ...express, files });
    const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
    git('init');
    git('add', '--', 'package.json', ...Object.keys(files));
    await write(folder, untracked);
    return folder;
  }

  it('is found to hold the token', async () => {
    const folder = await createRepository({
      'src/tracker.js': `\n// our tracker\nexport const apiToken = '${token}';\n`,
      'deploy/values.yaml': `token: ${token}\n`,
    });
    expect(await check(folder)).toMatchObject([
      {
        severity: 'error',
        what: 'The API token is in the repository: deploy/values.yaml:1, src/tracker.js:3.',
        fix: expect.stringContaining('issue a new token'),
      },
    ]);
  });

  it('is found to hold a token that is set in a file of it', async () => {
    const file = `SUCCESSEVE_API_TOKEN=${token}\n`;
    for (const path of ['.env', 'services/billing/.env.production']) {
      const folder = await createRepository({ [path]: file });
      expect(await check(folder, { env: { SUCCESSEVE_API_TOKEN: 'anything' } })).toMatchObject([
        { what: `The API token is in the repository: ${path}:1.` },
      ]);
    }
  });

  it('is found to hold a token that nobody told us, in code', async () => {
    const code = (apiToken: string): string => `createTracker({\n  apiToken: '${apiToken}',\n});\n`;
    const folder = await createRepository(
      {
        'src/tracker.ts': code(token),
        'src/tracker.test.ts': code(token),
        'src/other.ts': code('test-token-0123456789'),
        'notes.md': code(token),
      },
      { 'src/untracked.ts': code(token) },
    );
    expect(await check(folder, { env: { SUCCESSEVE_API_TOKEN: 'anything' } })).toMatchObject([
      { severity: 'error', what: 'The API token is in the repository: src/tracker.ts:2.' },
    ]);
  });

  it('is looked at as a whole, from the folder of an application in it', async () => {
    const folder = await createRepository({ 'README.md': `Use ${token}.` });
    const app = join(folder, 'apps/shop');
    await mkdir(app, { recursive: true });
    await rename(join(folder, 'package.json'), join(app, 'package.json'));
    expect(await check(app)).toMatchObject([{ what: 'The API token is in the repository: README.md:1.' }]);
  });

  it('may hold what is no secret', async () => {
    const folder = await createRepository(
      {
        '.gitignore': '.env\n',
        '.env.development': `SUCCESSEVE_API_TOKEN=local-0123456789\nSUCCESSEVE_API_URL=http://localhost:4319\n`,
        '.env.example': 'SUCCESSEVE_API_TOKEN=0123456789abcdef0123456789abcdef\n',
        '.env.test': 'SUCCESSEVE_API_TOKEN=your-token-here\n',
        'README.md': 'Any token will do: local-0123456789, your-token-here.',
      },
      { '.env': `SUCCESSEVE_API_TOKEN=${token}\n`, 'notes.txt': token },
    );
    expect(await check(folder)).toEqual([]);
  });
});

describe('the files of Next', () => {
  const { 'next.config.mjs': config, 'app/page.jsx': page, ...others } = nextFiles;
  const register = nextFiles['instrumentation.js'];
  const relay = nextFiles['app/api/successeve/route.js'];

  it.each([
    [
      'in src',
      {
        'src/app/page.jsx': page,
        'src/app/api/successeve/route.js': relay,
        'src/instrumentation.js': register,
      },
    ],
    [
      'in a group',
      {
        'app/(site)/page.jsx': page,
        'app/(site)/api/successeve/route.ts': relay,
        'instrumentation.ts': register,
      },
    ],
    [
      'of the Pages Router',
      { 'pages/index.jsx': page, 'pages/api/successeve.ts': relay, 'instrumentation.ts': register },
    ],
    [
      'of both',
      { 'app/page.jsx': page, 'pages/api/successeve/index.ts': relay, 'instrumentation.ts': register },
    ],
    [
      'with parameters',
      { 'app/page.jsx': page, 'app/api/[...path]/route.ts': relay, 'instrumentation.ts': register },
    ],
    [
      'by way of files of their own',
      {
        'app/page.jsx': page,
        'app/api/successeve/route.ts': "export * from '@/lib/relay';",
        'lib/relay/index.ts': relay,
        'instrumentation.ts': "export const register = () => import('./instrumentation-node.js');",
        'instrumentation-node.ts': register,
      },
    ],
  ])('are found where Next looks for them: %s', async (_, files) => {
    expect(
      await checkParts({ packages: nextPackages, files: { 'next.config.mjs': config, ...files } }),
    ).toEqual([]);
  });

  it.each([
    ["withSuccessEve({}, { relayPath: '/api/seen' })", 'app/api/seen/route.js'],
    ["withSuccessEve({ basePath: '/shop', trailingSlash: true })", 'app/api/successeve/route.js'],
    ["withSuccessEve(async () => ({ pageExtensions: ['page.js'] }))", 'app/api/successeve/route.page.js'],
  ])('are looked for as the configuration says: %s', async (expression, route) => {
    const files = {
      'next.config.mjs': `import { withSuccessEve } from '@successeve/next/config';
console.log('a configuration may print');
export default ${expression};`,
      'app/page.jsx': page,
      'instrumentation.js': register,
      'instrumentation.page.js': register,
    };
    expect(await checkParts({ packages: nextPackages, files: { ...files, [route]: relay } })).toEqual([]);
    const what = expect.stringMatching(/^There is no route at \/api\/(seen|successeve), where the browser/);
    expect(await checkParts({ packages: nextPackages, files })).toMatchObject([{ severity: 'error', what }]);
  });

  it('are found to pass withSuccessEve by', async () => {
    const files = { ...nextFiles, 'next.config.mjs': 'export default {};' };
    expect(await checkParts({ packages: nextPackages, files })).toMatchObject([
      { severity: 'error', what: 'The configuration of Next does not pass through withSuccessEve.' },
    ]);
  });

  it('are found not to load', async () => {
    const files = {
      ...nextFiles,
      'next.config.mjs': config.replace('{}', "{ output: 'export' }"),
    };
    expect(await checkParts({ packages: nextPackages, files })).toMatchObject([
      {
        severity: 'error',
        what: "Next cannot load its configuration: withSuccessEve: output: 'export' has no server, and only a server knows who visits. Remove output: 'export', or withSuccessEve.",
      },
    ]);
  });

  it.each([
    [{}, 'There is no instrumentation.ts.'],
    [
      { 'src/instrumentation.ts': '' },
      'src/instrumentation.ts is not where Next looks for it: instrumentation.ts.',
    ],
    [
      { 'app/instrumentation.js': '' },
      'app/instrumentation.js is not where Next looks for it: instrumentation.ts.',
    ],
  ])('are found to be missing or misplaced: %j', async (instrumentation, what) => {
    const { 'instrumentation.js': _, ...rest } = others;
    const files = { 'next.config.mjs': config, 'app/page.jsx': page, ...rest, ...instrumentation };
    expect(await checkParts({ packages: nextPackages, files })).toMatchObject([{ severity: 'error', what }]);
  });

  it.each([
    [
      { 'instrumentation.js': "import * as Sentry from '@sentry/nextjs';" },
      'instrumentation.js does not name registerTracking.',
      'In register() of instrumentation.js, call registerTracking(',
    ],
    [
      { 'app/api/successeve/route.js': 'export const POST = () => new Response();' },
      'app/api/successeve/route.js answers /api/successeve, where the browser reports navigations, and does not name @successeve/next/relay.',
      'Put this line into app/api/successeve/route.js: ',
    ],
    [
      { 'app/api/successeve/route.js': undefined, 'app/api/[...slug]/route.ts': 'export const POST = 1;' },
      'app/api/[...slug]/route.ts answers /api/successeve, where the browser reports navigations, and does not name @successeve/next/relay.',
      'Put this line into app/api/successeve/route.ts: ',
    ],
    [
      { 'app/api/successeve/route.js': undefined, 'pages/api/[name].ts': 'export default 1;' },
      'pages/api/[name].ts answers /api/successeve, where the browser reports navigations, and does not name @successeve/next/relay.',
      'Put this line into app/api/successeve/route.ts: ',
    ],
  ])('are found to be there for something else: %j', async (changes, what, fix) => {
    const all = Object.entries({ ...nextFiles, ...changes });
    const files = Object.fromEntries(
      all.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
    );
    expect(await checkParts({ packages: nextPackages, files })).toMatchObject([
      { severity: 'warning', what, fix: expect.stringContaining(fix) },
    ]);
  });

  it('are found to be in the root, where the application is in src', async () => {
    const files = {
      'next.config.mjs': config,
      'src/app/page.jsx': page,
      'src/app/api/successeve/route.js': relay,
      'instrumentation.js': register,
    };
    expect(await checkParts({ packages: nextPackages, files })).toMatchObject([
      { what: 'instrumentation.js is not where Next looks for it: src/instrumentation.ts.' },
    ]);
  });

  it('want one more, before Next 16.3', async () => {
    const folder = await createProject({ packages: ['@successeve/next'], files: nextFiles });
    // No loader there: what the configuration says is not known.
    await write(join(folder, 'node_modules/next'), { 'package.json': '{ "version": "16.2.9" }' });
    expect(await check(folder)).toMatchObject([
      { severity: 'error', what: 'There is no instrumentation-client.ts, which Next 16.2.9 needs.' },
    ]);
    await write(folder, { 'instrumentation-client.ts': 'console.log(1)' });
    expect(await check(folder)).toMatchObject([
      { severity: 'warning', what: 'instrumentation-client.ts does not name @successeve/next/client.' },
    ]);
    const line = "export { onRouterTransitionStart } from '@successeve/next/client';";
    await write(folder, { 'instrumentation-client.ts': line });
    expect(await check(folder)).toEqual([]);
  });
});

describe('the project', () => {
  it('is the one around the folder', async () => {
    const folder = await createProject({ ...express, files: { 'src/a.js': '' } });
    expect(readProject(join(folder, 'src')).folder).toBe(folder);
  });

  it('has nothing to do with what is installed for its neighbours', async () => {
    const folder = await createProject({ packages: ['@successeve/express', 'express', '@successeve/next'] });
    await write(folder, { 'apps/shop/package.json': naming('@successeve/express') });
    expect(await check(join(folder, 'apps/shop'))).toEqual([]);
  });

  it('is not the root of a workspace, where everything may be installed', async () => {
    const manifest = '{ "workspaces": ["apps/*"] }';
    const folder = await createProject({ ...express, files: { 'package.json': manifest } });
    expect(() => readProject(folder)).toThrow('names no package of SuccessEve. In a workspace, run it in');
    await write(folder, { 'apps/shop/package.json': '{}' });
    expect(readProject(join(folder, 'apps/shop')).packages).toHaveLength(1);
  });

  it('is found to have a package.json that is no JSON', async () => {
    const folder = await createProject({ ...express, files: { 'package.json': '{,}' } });
    expect(() => readProject(folder)).toThrow(`${join(folder, 'package.json')} cannot be read: `);
  });

  it('is none outside of every project', () => {
    expect(() => readProject(parse(process.cwd()).root)).toThrow('There is no package.json here.');
  });
});
