import { once } from 'node:events';
import { startFakeApi } from '@successeve/testing';
import { expect, onTestFinished } from 'vitest';
import type { Customer, Runtime } from './customer.js';

/** What tells a browser from a script. */
const browser = {
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0',
};

/**
 * Starts an application made of a README's example, uses it as somebody does who registers, and checks that the API was
 * told exactly that, and that the application ends when it is asked to.
 */
export async function visitApplication(customer: Customer, runtime: Runtime, file: string): Promise<void> {
  const api = await startFakeApi();
  onTestFinished(() => api.close());
  const { child, url } = await customer.start(runtime, [file], {
    SUCCESSEVE_API_TOKEN: api.token,
    SUCCESSEVE_API_URL: api.url,
  });

  const registration = await fetch(`${url}/register`, {
    method: 'POST',
    redirect: 'manual',
    headers: browser,
  });
  expect(registration.headers.get('location')).toBe('/welcome');
  expect(await (await fetch(`${url}/welcome`, { headers: browser })).text()).toBe('<h1>Welcome</h1>');
  await api.waitForEvents(2);

  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(api.events).toEqual([
    {
      contact_uid: 'ada',
      event_uid: 'user_registration',
      params: { account_uid: 'acme', display_name: 'Registration' },
    },
    {
      contact_uid: 'ada',
      event_uid: 'pageview',
      params: { account_uid: 'acme', visit_url: `${url}/welcome` },
    },
  ]);
}
