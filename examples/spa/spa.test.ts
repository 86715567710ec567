import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openBrowser } from '@successeve/test-browser';
import { startFakeApi } from '@successeve/testing';
import { expect, it, onTestFinished } from 'vitest';

// In a real browser: what counts is what React Router makes of it.
it('counts the pages that the browser shows, for the user who is signed in', async () => {
  const api = await startFakeApi();
  onTestFinished(() => api.close());
  const example = spawn(process.env.MACHINE_NODE ?? process.execPath, ['server.mjs'], {
    cwd: import.meta.dirname,
    env: { ...process.env, SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void example.kill('SIGKILL'));
  const site = await readyAt(example);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  /** Does something that shows a page, and waits until the browser has reported that. */
  const visit = async (path: string, act: () => Promise<unknown>): Promise<void> => {
    const reported = page.waitForResponse(
      (answer) => answer.url() === `${site}/seen` && answer.request().postDataJSON().page === path,
    );
    await act();
    await reported;
  };

  // Nobody is signed in yet, and the router redirects.
  await visit('/login', () => page.goto(`${site}/reports/7`));
  await visit('/', () => page.getByRole('button', { name: 'ada' }).click());
  await visit('/reports/42', () => page.getByRole('link', { name: 'Monthly revenue' }).click());
  const exported = page.waitForResponse(`${site}/api/reports/42/export`);
  await page.getByRole('button', { name: 'Export' }).click();
  await exported;
  await visit('/', () => page.goBack());
  await visit('/reports/7', () => page.goto(`${site}/reports/7`));

  example.kill('SIGTERM');
  await once(example, 'exit');
  expect(api.pageviews.map(({ contact_uid, params }) => [contact_uid, params?.visit_url])).toEqual(
    ['/', '/reports/42', '/', '/reports/7'].map((path) => ['ada', site + path]),
  );
  expect(api.events.filter(({ event_uid }) => event_uid === 'report_exported')).toHaveLength(1);
}, 30_000);

async function readyAt({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the output of the example is not a pipe');
  for await (const line of createInterface({ input: stdout })) {
    const url = /^Ready at (\S+)$/.exec(line)?.[1];
    if (!url) continue;
    stdout.resume();
    return url;
  }
  throw new Error('the example ended before it was ready');
}
