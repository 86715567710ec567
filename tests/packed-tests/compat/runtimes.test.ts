import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { testExample } from '@successeve/example-site/visit';
import { startFakeApi } from '@successeve/testing';
import { afterAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { Customer, type Runtime } from '../src/customer.js';
import { loadEntries, peers } from '../src/entries.js';
import { applicationFrom, toCommonJs } from '../src/readme.js';
import { install, nodes, others } from '../src/runtimes.js';
import { visitApplication, visitDevPage } from '../src/visit.js';
import { copySite, examples } from './examples.js';
import { buildNextExample, visitNextExample } from './next.js';

const customer = await Customer.begin(
  {
    ours: Object.keys(inject('tarballs')),
    theirs: {
      ...peers,
      ...{ '@nestjs/platform-express': '^12.5.1', express: '^5.3.0', koa: '^3.3.0' },
      ...{ fastify: '^5.12.8', hono: '^4.13.19' },
      ...{
        '@fastify/etag': '^6.2.0',
        '@fastify/formbody': '^9.0.1',
        '@hono/node-server': '^2.1.9',
        '@koa/etag': '^5.0.2',
        '@koa/router': '^15.7.0',
      },
      ...{ 'koa-bodyparser': '^4.4.1', 'koa-conditional-get': '^3.0.0' },
    },
  },
  '--legacy-peer-deps',
);
await copySite(customer);
for (const file of [
  'express/server.mjs',
  'koa/server.mjs',
  'fastify/server.mjs',
  'hono/server.mjs',
  'nestjs/server.mjs',
  'nestjs/dist',
]) {
  await cp(join(examples, file), join(customer.folder, file), { recursive: true });
}
const application = await applicationFrom('the repository');
await customer.write({ 'app.mjs': application, 'app.cjs': toCommonJs(application) });

// A process that puts an event into a file, and one that finds it there.
await customer.write({
  'keep.mjs': `
    import { createTracker } from '@successeve/core';
    import { sqliteQueue } from '@successeve/sqlite';
    const queue = sqliteQueue({ path: process.argv[2], leaseMs: 100 });
    const tracker = createTracker({ apiToken: 'none', apiUrl: 'http://127.0.0.1:9', queue, onError() {} });
    tracker.event('report_exported', { contactUid: 7 });
    await tracker.persisted();
    console.log('Ready at', process.argv[2]);
    setInterval(() => {}, 1000);
  `,
  'find.mjs': `
    import { createTracker } from '@successeve/core';
    import { sqliteQueue } from '@successeve/sqlite';
    createTracker({ queue: sqliteQueue({ path: process.argv[2], leaseMs: 100 }) });
    console.log('Ready at', process.argv[2]);
    setInterval(() => {}, 1000);
  `,
});

const next = await buildNextExample();

// Not in hooks: the names of the tests say which versions these are.
const installedNodes = await Promise.all(nodes.map(install));
const installedOthers = await Promise.all(others.map(install));

afterAll(async () => {
  for (const installed of [customer, next, ...installedNodes, ...installedOthers]) await installed.remove();
});

describe.each(installedNodes)('$name $version', ({ version, runtime }) => {
  it.each(Object.keys(inject('tarballs')))('loads %s, as ESM and as CommonJS', (name) =>
    loadEntries(customer, runtime, name),
  );

  describeReadme(runtime);

  describe.each(['express', 'koa', 'fastify', 'hono', 'nestjs'])('the example for %s', (name) => {
    testExample(join(customer.folder, name), runtime[0]);
  });

  it('serves the example for next, and records its pageview', () => visitNextExample(next, runtime));

  it('serves the page of successeve dev', () => visitDevPage(customer, runtime));

  if (version.startsWith('20.')) {
    it('says which Node a queue on disk needs', async () => {
      await expect(customer.run(runtime, 'keep.mjs', 'queue.db')).rejects.toThrow(
        'expected Node 22.13 or later',
      );
    });
  } else {
    it('keeps an event in a file over kill -9', async () => {
      const api = await startFakeApi();
      onTestFinished(() => api.close());
      const file = `queue-${version}.db`;
      const { child } = await customer.start(runtime, ['keep.mjs', file]);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const env = { SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url };
      await customer.start(runtime, ['find.mjs', file], env);
      await api.waitForEvents(1, { timeoutMs: 60_000 });
      expect(api.events).toMatchObject([{ contact_uid: '7', event_uid: 'report_exported' }]);
    });
  }
});

describe.each(installedOthers)('$name $version', ({ runtime }) => {
  it.each(['core', 'express', 'fastify', 'hono'].map((name) => `@successeve/${name}`))(
    'loads %s, as ESM and as CommonJS',
    (name) => loadEntries(customer, runtime, name),
  );

  describeReadme(runtime);
});

function describeReadme(runtime: Runtime): void {
  it.each(['app.mjs', 'app.cjs'])('runs the example in the README as %s', (file) =>
    visitApplication(customer, runtime, file),
  );
}
