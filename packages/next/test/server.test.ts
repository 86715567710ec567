import { randomUUID } from 'node:crypto';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApplication, run } from './application.js';
import { report, type Sending, send, skippedBy, visit } from './client.js';

let api: FakeApi;
let app: RunningApplication;

beforeAll(async () => {
  api = await startFakeApi();
  app = await run({ api });
});

afterAll(async () => {
  await app?.stop();
  await api?.close();
});

/** Waits until the API has so many events of a contact, and answers their names and URLs. */
async function received(contact: string, count: number): Promise<unknown[]> {
  const theirs = (): unknown[] =>
    api.events
      .filter(({ contact_uid }) => contact_uid === contact)
      .map(({ event_uid, params }) => params?.visit_url ?? event_uid);
  while (theirs().length < count) await api.waitForEvents(api.events.length + 1, { timeoutMs: 10_000 });
  return theirs();
}

describe('the helper of the request', () => {
  it.each([
    ['the proxy', 'GET', '/tracked-in-proxy', ['tracked_in_proxy']],
    ['a server component', 'GET', '/dynamic/event', ['tracked_in_component']],
    [
      'a route handler, after an await',
      'POST',
      '/api/event?wait=5',
      ['tracked_in_route', 'tracked_by_function'],
    ],
    ['a route of the Pages API', 'POST', '/api/legacy-event', ['tracked_in_api']],
    ['getServerSideProps', 'GET', '/legacy/server?event', ['tracked_in_props']],
  ])('is there in %s', async (_, method, path, events) => {
    const contact = randomUUID();
    expect(await send(app.url + path, contact, { method })).toMatchObject({ status: 200 });
    expect(await received(contact, events.length)).toEqual(events);
  });

  it('never is that of another request', async () => {
    const contacts = Array.from({ length: 150 }, () => randomUUID());
    await Promise.all(
      contacts.map((contact, index) =>
        send(`${app.url}/api/event?wait=${index % 7}&nonce=${contact}`, contact, { method: 'POST' }),
      ),
    );
    for (const contact of contacts) await received(contact, 2);
    const crossed = api.events.filter(
      ({ contact_uid, params }) => params?.nonce && params.nonce !== contact_uid,
    );
    expect(crossed).toEqual([]);
  });

  it.each([
    ['redirect()', '/api/event?redirect', 307],
    ['notFound()', '/api/event?missing', 404],
  ])('leaves %s of a handler to Next', async (_, path, status) => {
    expect(await send(app.url + path, randomUUID(), { method: 'POST' })).toMatchObject({ status });
  });
});

describe('the relay', () => {
  const relays = ['/api/successeve', '/api/pages-relay'];

  it.each(relays)('records a page that the browser reports: %s', async (relay) => {
    const contact = randomUUID();
    expect(await report(app.url + relay, contact, `${app.url}/a?token=s3cret&b=1#c`)).toMatchObject({
      status: 204,
      body: '',
    });
    expect(await received(contact, 1)).toEqual([`${app.url}/a?token=&b=1`]);
  });

  it.each(relays)('records what a browser too old for Sec-Fetch-Site reports: %s', async (relay) => {
    const contact = randomUUID();
    await report(app.url + relay, contact, `${app.url}/a`, { headers: { 'sec-fetch-site': undefined } });
    expect(await received(contact, 1)).toEqual([`${app.url}/a`]);
  });

  it('goes by the public host where a proxy is in front', async () => {
    const contact = randomUUID();
    const origin = 'https://app.example.com';
    const headers = { origin, 'x-forwarded-host': 'app.example.com', 'x-forwarded-proto': 'https' };
    await report(`${app.url}/api/successeve`, contact, `${origin}/a`, { headers });
    expect(await received(contact, 1)).toEqual([`${origin}/a`]);
  });

  const long = 'x'.repeat(5_000);
  it.each<[string, string, string, Sending]>([
    ['a page of another site', 'cross_site', '/a', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['a page of a sibling site', 'cross_site', '/a', { headers: { 'sec-fetch-site': 'same-site' } }],
    [
      'another origin',
      'cross_site',
      '/a',
      { headers: { origin: 'https://evil.example', 'sec-fetch-site': undefined } },
    ],
    ['an opaque origin', 'cross_site', '/a', { headers: { origin: 'null', 'sec-fetch-site': undefined } }],
    ['an unknown page', 'cross_site', '/a', { headers: { origin: undefined, 'sec-fetch-site': undefined } }],
    ['a page, at length', 'too_large', `/${long}`, {}],
    ['a page, at length, in parts', 'too_large', `/${long}`, { headers: { 'transfer-encoding': 'chunked' } }],
    ['a page, of another site', 'foreign_url', '', { body: '{"page":"https://evil.example/a","age":0}' }],
    ['a page, with no JSON', 'invalid_report', '', { body: '/a' }],
    ['a page, with nothing', 'invalid_report', '', { body: '' }],
    ['a page, ahead of a visit', 'prefetch', '/a', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['a bot', 'bot', '/a', { headers: { 'user-agent': 'Googlebot/2.1' } }],
    ['a page that is ignored', 'ignored', '/static/ignored', {}],
    ['a page that is filtered', 'filtered', '/filtered', {}],
    ['a contact without consent', 'consent', '/a', { headers: { cookie: 'user=x; consent=no' } }],
    ['no known contact', 'no_contact', '/a', { headers: { cookie: undefined } }],
  ])('answers as ever to a report from %s, and counts it as %s', async (_, reason, path, sending) => {
    for (const relay of relays) {
      const before = await skippedBy(app.url);
      const contact = randomUUID();
      expect(await report(app.url + relay, contact, app.url + path, sending)).toMatchObject({
        status: 204,
        body: '',
      });
      const after = await skippedBy(app.url);
      expect({ ...after, not_a_page: 0 }).toEqual({
        ...before,
        not_a_page: 0,
        [reason]: before[reason as 'bot'] + 1,
      });
      expect(api.events.some(({ contact_uid }) => contact_uid === contact)).toBe(false);
    }
  });

  it.each(relays)('records what Firefox reports where no referrers are sent: %s', async (relay) => {
    const contact = randomUUID();
    await report(app.url + relay, contact, `${app.url}/a`, { headers: { origin: 'null' } });
    expect(await received(contact, 1)).toEqual([`${app.url}/a`]);
  });

  it('takes so many reports of one contact, and counts the others', async () => {
    const { too_many: before } = await skippedBy(app.url);
    const contact = randomUUID();
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: 100 }, (_, page) =>
        report(`${app.url}/api/successeve`, contact, `${app.url}/${page}`),
      ),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const { too_many: after } = await skippedBy(app.url);
    const taken = 100 - (after - before);
    // Thirty at once, and one more with each second that the hundred took.
    expect(taken).toBeGreaterThanOrEqual(30);
    expect(taken).toBeLessThanOrEqual(30 + seconds);
    expect(await received(contact, taken)).toHaveLength(taken);
  });

  it('answers nothing but POST', async () => {
    expect(await send(`${app.url}/api/successeve`, 'ada')).toMatchObject({ status: 405 });
    expect(await send(`${app.url}/api/pages-relay`, 'ada')).toMatchObject({ status: 204 });
  });
});

describe('the life of the server', () => {
  it('counts a page that is asked for before Next is ready', async () => {
    const early = await run({ api, readyPath: false });
    const contact = randomUUID();
    await visit(`${early.url}/static/b?early`, contact);
    expect(await received(contact, 1)).toEqual([`${early.url}/static/b?early`]);
    await early.stop();
  });

  it('delivers what waits when it has to end', async () => {
    await using slow = await startFakeApi({ replies: [{ delayMs: 500, status: 503 }] });
    const ending = await run({ api: slow });
    await visit(`${ending.url}/static/b`, 'ada');
    await visit(`${ending.url}/static/c`, 'ada');
    expect(await ending.stop()).toBe(143);
    expect(slow.pageviews.map(({ params }) => params?.visit_url).sort()).toEqual([
      `${ending.url}/static/b`,
      `${ending.url}/static/c`,
    ]);
  });
});
