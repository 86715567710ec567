import { once } from 'node:events';
import { startFakeApi } from '@successeve/testing';
import { expect, onTestFinished } from 'vitest';
import type { Customer, Runtime } from './customer.js';

/** What tells a browser from a script. */
export const browser: Readonly<Record<string, string>> = {
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0',
};

/** How a runtime's own server is given a free port, and prints where it listens. */
export interface ServerOutput {
  readonly env?: Readonly<Record<string, string>>;
  readonly ready?: RegExp;
}

/**
 * Starts an application made of a README's example, uses it as somebody does who registers, and asks it to end right
 * after one more registration. Checks that the API was told of exactly that.
 */
export async function visitApplication(
  customer: Customer,
  runtime: Runtime,
  file: string,
  server: ServerOutput = {},
): Promise<void> {
  const api = await startFakeApi();
  onTestFinished(() => api.close());
  const env = { SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url, ...server.env };
  const { child, url } = await customer.start(runtime, [file], env, server.ready);

  const register = (): Promise<Response> =>
    fetch(`${url}/register`, { method: 'POST', redirect: 'manual', headers: browser });
  expect((await register()).headers.get('location')).toBe('/welcome');
  expect(await (await fetch(`${url}/welcome`, { headers: browser })).text()).toBe('<h1>Welcome</h1>');
  await api.waitForEvents(2);

  await register();
  child.kill('SIGTERM');
  await once(child, 'exit');

  const contact = { contact_uid: 'ada', params: { account_uid: 'acme' } };
  const registration = { event_uid: 'user_registration', params: { display_name: 'Registration' } };
  const pageview = { event_uid: 'pageview', params: { visit_url: `${url}/welcome` } };
  expect(api.events).toHaveLength(3);
  expect(api.events).toMatchObject([contact, contact, contact]);
  expect(api.events).toMatchObject([registration, pageview, registration]);
}

/** Starts `successeve dev`, and loads its page with everything that the page loads. */
export async function visitDevPage(customer: Customer, runtime: Runtime): Promise<void> {
  const command = ['node_modules/.bin/successeve', 'dev', '--port', '0'];
  const { url } = await customer.start(runtime, command, {}, /^ {2}Page +(\S+)$/);
  const page = await fetch(url);
  expect(page.headers.get('content-type')).toMatch('text/html');
  const assets = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  expect(assets).not.toEqual([]);
  for (const asset of assets) expect((await fetch(new URL(asset, url))).status, asset).toBe(200);
}
