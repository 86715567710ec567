import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { startFakeApi } from '@successeve/testing';
import { expect, onTestFinished } from 'vitest';
import { Customer, node, type Runtime } from '../src/customer.js';
import { browser } from '../src/visit.js';
import { copySite, examples } from './examples.js';

/** The example for Next in a project of its own, built once: what a build leaves runs on any Node. */
export async function buildNextExample(): Promise<Customer> {
  const next = await Customer.begin({
    ours: ['@successeve/next'],
    theirs: {
      ...{ next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' },
      ...{ '@types/node': '^24.0.0', '@types/react': '^19.0.0', typescript: '~5.9.3' },
    },
  });
  await copySite(next);
  for (const file of ['app', 'instrumentation.ts', 'next.config.ts', 'session.ts']) {
    await cp(join(examples, 'next', file), join(next.folder, file), { recursive: true });
  }
  await next.run(node, 'node_modules/next/dist/bin/next', 'build');
  return next;
}

/** Signs in, opens a page, and checks that the API was told of both. */
export async function visitNextExample(next: Customer, runtime: Runtime): Promise<void> {
  const api = await startFakeApi();
  onTestFinished(() => api.close());
  const { url } = await next.start(
    runtime,
    ['node_modules/next/dist/bin/next', 'start', '-H', 'localhost', '-p', '0'],
    { SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url },
    /^- Local:\s+(\S+)$/,
  );
  // Next listens before it runs instrumentation.ts. A request that comes in between waits for that, and is not followed.
  await fetch(`${url}/login`);

  const session = await fetch(`${url}/session`, {
    method: 'POST',
    body: new URLSearchParams({ user: 'ada' }),
    redirect: 'manual',
  });
  const cookie = session.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  expect((await fetch(`${url}/reports/7`, { headers: { ...browser, cookie } })).status).toBe(200);
  await api.waitForEvents(2, { timeoutMs: 30_000 });

  expect(api.events).toMatchObject([
    { contact_uid: 'ada', event_uid: 'user_signed_in' },
    { contact_uid: 'ada', event_uid: 'pageview', params: { visit_url: `${url}/reports/7` } },
  ]);
}
