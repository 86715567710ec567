import { expect, it } from 'vitest';
import { type Dev, event, get, send, startDev, token, watch } from '../../../test/dev.js';
import type { RequestDetails } from '../protocol.js';

const basic = (text: string): Record<string, string> => ({ authorization: `Basic ${btoa(text)}` });
const path = '/v1/track/event';
const params = (params: unknown): unknown => ({ ...event, params });

/** A request for each way to be rejected, and a word of what should be advised. */
const rejections: readonly [
  what: string,
  advised: string,
  path: string,
  sending: Parameters<typeof send>[1],
][] = [
  ['a wrong path', 'SUCCESSEVE_API_URL', '/track/event', { body: event }],
  ['another method', 'only POST', path, { method: 'PUT', body: event }],
  ['no token', 'SUCCESSEVE_API_TOKEN', path, { isBare: true }],
  ['a ping with the token in the query', 'user name of HTTP Basic', '/v1/ping?api_token=x', { isBare: true }],
  ['another token', '--token', path, { headers: basic('another:') }],
  ['a password', 'no password', path, { headers: basic(`${token}:x`) }],
  ['no colon', 'joined by a colon', path, { headers: basic(token) }],
  ['a bearer token', 'not accept bearer', path, { headers: { authorization: `Bearer ${token}` } }],
  ['another content type', 'application/json', path, { headers: { 'content-type': 'text/plain' } }],
  ['too much', 'Send less', path, { body: params({ text: 'x'.repeat(2 ** 20) }) }],
  ['no JSON', 'JSON.stringify', path, { body: '{' }],
  ['no object', 'JSON object', path, { body: [] }],
  ['no contact', 'String(user.id)', path, { body: { event_uid: 'a' } }],
  ['a contact that is a number', 'String(user.id)', path, { body: { ...event, contact_uid: 7 } }],
  ['no snake_case', 'user_registration', path, { body: { ...event, event_uid: 'User' } }],
  ['a pageview without its URL', 'complete URL', path, { body: { ...event, event_uid: 'pageview' } }],
  ['an account that is a number', 'String(account.id)', path, { body: params({ account_uid: 7 }) }],
  ['a display name that is a number', 'text for people', path, { body: params({ display_name: 7 }) }],
  ['params that are a text', 'params is a JSON object', path, { body: params('x') }],
  ['a time that is none', 'toISOString', path, { body: { ...event, created_at: 'today' } }],
  ['a batch that is none', '1 to 100', '/v1/batch', { body: event }],
  ['a batch of too many', '1 to 100', '/v1/batch', { body: Array(101).fill(event) }],
  ['a batch of texts', 'JSON object', '/v1/batch', { body: ['x'] }],
  ['a batch of what is not said', '"method": "event"', '/v1/batch', { body: [event] }],
  ['a contact that is a list', 'every contact one with a contact_uid', '/v1/contact', { body: [] }],
  ['a contact without id', 'contact_uid is the id', '/v1/contact', { body: { params: {} } }],
  ['an account without id', 'account_uid is the id', '/v1/account', { body: {} }],
];

it.each(rejections)('of how to fix %s', async (_, advised, path, sending) => {
  const dev = await startDev({ token });
  await send(dev.url + path, sending);
  await expectAdvice(dev, advised);
});

it('of how to fix too many requests', async () => {
  const dev = await startDev({ rateLimit: { limit: 1, windowMs: 60_000 } });
  await send(`${dev.url}/v1/ping`);
  await send(dev.url + path, { body: event });
  await expectAdvice(dev, 'batch: true');
});

async function expectAdvice(dev: Dev, advised: string): Promise<void> {
  const { entriesAre } = await watch(dev);
  const [entry] = await entriesAre(1);
  expect(entry).toMatchObject({ type: 'rejected', advice: expect.stringContaining(advised) });
  const details = await get<RequestDetails>(`${dev.url}/dev/requests/1`);
  expect(details.advice).toContain(advised);
}
