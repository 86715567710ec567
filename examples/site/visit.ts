import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** What tells a browser that opens a page from a script. */
const browser = {
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0',
};

/**
 * The test of an example: runs it as a process of its own, visits it, and ends it.
 *
 * @param folder - where its `server.mjs` is
 * @param node - what runs it: the Node of whoever tries it, which need not be the one of these tests
 */
export function testExample(
  folder: string,
  node: string = process.env.MACHINE_NODE ?? process.execPath,
): void {
  let api: FakeApi;
  let example: ChildProcess;
  let site: string;

  beforeAll(async () => {
    api = await startFakeApi();
    example = spawn(node, ['server.mjs'], {
      cwd: folder,
      env: { ...process.env, SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    site = await readyAt(example);
  });

  afterAll(async () => {
    example?.kill('SIGKILL');
    await api?.close();
  });

  it('signs in, identifies the visitor, shows pages, exports a report, and ends by a signal with everything delivered', async () => {
    const headers = { ...browser, cookie: await signIn(site, 'ada') };
    const page = await fetch(`${site}/reports/7`, { headers });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<h1>Trials &#38; conversions</h1>');
    const exported = await fetch(`${site}/reports/7/export`, { method: 'POST', headers });
    expect(await exported.text()).toContain('October,44');
    expect((await fetch(`${site}/reports/8`, { headers })).status).toBe(404);
    expect((await fetch(`${site}/account`, { redirect: 'manual' })).headers.get('location')).toBe('/login');

    example.kill('SIGTERM');
    expect(await once(example, 'exit')).toEqual([0, null]);

    expect(api.contacts).toEqual([
      { contact_uid: 'ada', params: { account_uid: 'acme', name: 'Ada Lovelace' } },
    ]);
    expect(api.accounts).toEqual([{ account_uid: 'acme', params: { name: 'Acme Analytics' } }]);
    expect(api.pageviews).toEqual([
      {
        contact_uid: 'ada',
        event_uid: 'pageview',
        params: { account_uid: 'acme', visit_url: `${site}/reports/7` },
      },
    ]);
    expect(api.events.filter(({ event_uid }) => event_uid !== 'pageview')).toEqual([
      {
        contact_uid: 'ada',
        event_uid: 'report_exported',
        params: { account_uid: 'acme', display_name: 'Report exported', report: 'Trials & conversions' },
      },
    ]);
  });
}

async function signIn(site: string, user: string): Promise<string> {
  const answer = await fetch(`${site}/login`, {
    method: 'POST',
    body: new URLSearchParams({ user }),
    redirect: 'manual',
  });
  expect(answer.headers.get('location')).toBe('/');
  return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

async function readyAt({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the output of the example is not a pipe');
  const lines = createInterface({ input: stdout });
  for await (const line of lines) {
    const url = /^Ready at (\S+)$/.exec(line)?.[1];
    if (url) {
      stdout.resume();
      return url;
    }
  }
  throw new Error('the example ended before it was ready');
}
