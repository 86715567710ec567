import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject, write } from '../../test/project.js';
import { check, checkParts, nextFiles, nextPackages } from './test-check.js';

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
  ])('are looked for where the configuration puts them: %s', async (expression, route) => {
    const files = {
      'next.config.mjs': `import { withSuccessEve } from '@successeve/next/config';
console.log('a configuration may print');
export default ${expression};`,
      'app/page.jsx': page,
      'instrumentation.js': register,
      'instrumentation.page.js': register,
    };
    expect(await checkParts({ packages: nextPackages, files: { ...files, [route]: relay } })).toEqual([]);
    const what = expect.stringMatching(
      /^The route \/api\/(seen|successeve), to which the browser reports navigations, is missing/,
    );
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
    [{}, 'instrumentation.ts is missing.'],
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
      'app/api/successeve/route.js answers /api/successeve, to which the browser reports navigations, and does not name @successeve/next/relay.',
      'Put this line into app/api/successeve/route.js: ',
    ],
    [
      { 'app/api/successeve/route.js': undefined, 'app/api/[...slug]/route.ts': 'export const POST = 1;' },
      'app/api/[...slug]/route.ts answers /api/successeve, to which the browser reports navigations, and does not name @successeve/next/relay.',
      'Put this line into app/api/successeve/route.ts: ',
    ],
    [
      { 'app/api/successeve/route.js': undefined, 'pages/api/[name].ts': 'export default 1;' },
      'pages/api/[name].ts answers /api/successeve, to which the browser reports navigations, and does not name @successeve/next/relay.',
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
      { severity: 'error', what: 'instrumentation-client.ts, which Next 16.2.9 needs, is missing.' },
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
