import '@successeve/testing/vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startFakeApi } from '@successeve/testing';
import { expect, it, onTestFinished } from 'vitest';

/** What a server sees of a browser that opens a page; Node's fetch looks like a bot. */
const browser = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0',
  'Sec-Fetch-Dest': 'document',
  Accept: 'text/html',
};

it('records who sees the onboarding', async () => {
  const api = await startFakeApi();
  const app = spawn('node', ['server.mjs'], {
    cwd: import.meta.dirname,
    env: { ...process.env, SUCCESSEVE_API_URL: api.url, SUCCESSEVE_API_TOKEN: api.token },
  });
  onTestFinished(async () => {
    app.kill();
    await api.close();
  });
  const [url] = await once(app.stdout.setEncoding('utf8'), 'data');

  await fetch(`${url.trim()}/onboarding`, {
    headers: { ...browser, 'X-User': '7' },
  });
  await api.waitForEvents(1);

  expect(api).toHavePageview('/onboarding', { contactUid: 7 });
});
