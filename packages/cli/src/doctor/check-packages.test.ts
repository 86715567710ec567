import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject, installCopy, write } from '../../test/project.js';
import { check, checkParts, express, naming, nest, nextFiles, nextPackages } from './test-check.js';

describe('packages', () => {
  it.each([
    ['Express', express],
    ['Koa', { packages: ['@successeve/koa', 'koa'] }],
    ['Fastify', { packages: ['@successeve/fastify', 'fastify'] }],
    ['Hono', { packages: ['@successeve/hono', 'hono'] }],
    ['Nest', nest],
    ['Next', { packages: nextPackages, files: nextFiles }],
  ])('are found to be whole and to fit where they are: %s', async (_, parts) => {
    expect(await checkParts(parts)).toEqual([]);
  });

  it.each(['express', 'koa', 'fastify', 'hono', 'nestjs', 'next', 'spa'])(
    'are found to be sound in our own example: %s',
    async (name) => {
      expect(await check(join(import.meta.dirname, '../../../../examples', name))).toEqual([]);
    },
  );

  it.each(['koa', 'browser'])('are found to be named, but not installed: %s', async (name) => {
    const files = { 'package.json': naming(`@successeve/${name}`) };
    expect(await checkParts({ files })).toMatchObject([
      {
        severity: 'error',
        what: `package.json names @successeve/${name}, but it is not installed.`,
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
    ['hono', '3.12.0', '@successeve/hono 0.0.0 works with hono ^4.0.0, and this is 3.12.0.'],
    ['next', '14.2.0', '@successeve/next 0.0.0 works with next >=15.3.0, and this is 14.2.0.'],
    ['next', '17.0.0-canary.4', undefined],
  ])('are compared with the framework: %s %s', async (framework, version, expected) => {
    const folder = await createProject({ packages: [`@successeve/${framework}`] });
    await write(join(folder, 'node_modules', framework), { 'package.json': JSON.stringify({ version }) });
    const findings = await check(folder);
    expect(findings.map(({ what }) => what)).toEqual(expected ? [expected] : []);
  });

  it('are found to lack their peers', async () => {
    const packages = nest.packages.filter((name) => name !== 'rxjs');
    expect(await checkParts({ packages })).toMatchObject([
      {
        severity: 'error',
        what: '@successeve/nestjs 0.0.0 works with rxjs ^7.2.0, and it is not installed.',
      },
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
