import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { createTracker } from '@successeve/core';
import { NodeExchange, originOf, trackRequests } from '@successeve/core/adapter';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFakeApi } from './fake-api.js';
import { createRecorder, type Recorder } from './recorder.js';
import './vitest.js';

const at = new Date('2027-01-31T09:30:00Z');

function filled(): Recorder {
  const recorder = createRecorder();
  recorder.event('user_login', { contactUid: 7 });
  recorder.event('user_registration', {
    contactUid: 8,
    accountUid: 'acme',
    displayName: 'Registration',
    params: {
      plan: 'free',
      since: at,
      seats: [{ id: 1, role: 'admin' }, { id: 2 }],
      address: { city: 'Oslo' },
    },
    occurredAt: at,
  });
  recorder.pageview({ contactUid: 7, visitUrl: 'https://app.example.com/onboarding?step=2' });
  return recorder;
}

/** The message of a failed expectation. */
function failureOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return stripVTControlCharacters((error as Error).message);
  }
  throw new Error('expected the expectation to fail');
}

class SiteExchange extends NodeExchange<IncomingMessage> {
  origin(): string | undefined {
    return originOf('http', this.header('host'));
  }
}

/** A site of one page, whose visitors say who they are. */
async function openSite(recorder: Recorder): Promise<string> {
  const { follow } = trackRequests<IncomingMessage>(recorder, {
    identify: ({ headers }) => ({ contactUid: String(headers['x-user'] ?? '') }),
  });
  const server = createServer((req, res) => {
    follow(new SiteExchange(req, req, res, req.url ?? ''));
    res.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('toHaveTracked', () => {
  it('finds an event by its name', () => {
    expect(filled()).toHaveTracked('user_login');
    expect(filled()).not.toHaveTracked('user_logout');
    expect(() => expect(filled()).toHaveTracked('user_logout')).toThrow();
    expect(() => expect(filled()).not.toHaveTracked('user_login')).toThrow();
  });

  it('finds it by any of its details, written as they are tracked', () => {
    const recorder = filled();
    const found = [
      { contactUid: 8 },
      { contactUid: '8' },
      { contactUid: 8n },
      { accountUid: 'acme' },
      { displayName: 'Registration' },
      { occurredAt: at },
      { occurredAt: at.getTime() },
      { occurredAt: at.toISOString() },
      { params: { since: at } },
      {},
    ];
    for (const details of found) expect(recorder).toHaveTracked('user_registration', details);
    const missing = [
      { contactUid: 7 },
      { accountUid: 'Acme' },
      { displayName: 'registration' },
      { occurredAt: 0 },
      { params: { since: new Date(0) } },
      { contactUid: 8, accountUid: 'navy' },
    ];
    for (const details of missing) expect(recorder).not.toHaveTracked('user_registration', details);
  });

  it('asks of params, at every depth, only what was expected; of an array all of it', () => {
    const recorder = filled();
    const found = [
      { plan: 'free' },
      { address: {} },
      { seats: [{ id: 1 }, { id: 2 }] },
      { seats: [{ role: 'admin' }, {}] },
      { coupon: undefined },
    ];
    for (const params of found) expect(recorder).toHaveTracked('user_registration', { params });
    const missing = [
      { plan: 'pro' },
      { address: { city: 'Oslo', street: 'Karl Johan' } },
      { address: 'Oslo' },
      { seats: [{ id: 1 }] },
      { seats: [{ id: 2 }, { id: 1 }] },
      { plan: undefined },
      { coupon: null },
    ];
    for (const params of missing) expect(recorder).not.toHaveTracked('user_registration', { params });
  });

  it('takes asymmetric matchers for any detail, and in any place', () => {
    const recorder = filled();
    expect(recorder).toHaveTracked('user_registration', {
      contactUid: expect.any(String),
      displayName: expect.stringContaining('Reg'),
      occurredAt: expect.any(Date),
      params: { seats: expect.arrayContaining([{ id: 2 }]), address: { city: expect.anything() } },
    });
    expect(recorder).toHaveTracked('user_registration', {
      params: expect.objectContaining({ plan: 'free' }),
    });
    expect(recorder).not.toHaveTracked('user_login', { params: expect.anything() });
    expect(recorder).not.toHaveTracked('user_registration', { contactUid: expect.any(Number) });
  });

  it('takes undefined, null and, for an account, an empty string for none', () => {
    for (const accountUid of [undefined, null, '']) {
      expect(filled()).toHaveTracked('user_login', { accountUid });
      expect(filled()).not.toHaveTracked('user_registration', { accountUid });
    }
  });

  it('wants all details of one event, not some of each', () => {
    const recorder = createRecorder();
    recorder.event('x', { contactUid: 1, params: { a: 2 } });
    recorder.event('x', { contactUid: 2, params: { a: 1 } });
    expect(recorder).not.toHaveTracked('x', { contactUid: 1, params: { a: 1 } });
  });

  it('rejects what could never be found, also with not, which would always pass', () => {
    const recorder = filled();
    expect(() => expect(recorder).not.toHaveTracked('User Registered')).toThrow(
      'eventUid: expected a snake_case name such as user_registration, got "User Registered"',
    );
    expect(() => expect(recorder).not.toHaveTracked(undefined as never)).toThrow('eventUid: expected');
    expect(() => expect(recorder).not.toHaveTracked('x', { contact: 7 } as never)).toThrow(
      'details: expected contactUid, accountUid, displayName, params, occurredAt, got contact',
    );
    const wrong = [
      [undefined, 'nothing'],
      [{}, 'an object'],
      [{ recorder }, 'an object with recorder'],
      [Promise.resolve(recorder), 'a Promise'],
      [recorder.events, 'an array of 3'],
      [createTracker({ enabled: false }), 'a tracker that is not a recorder'],
    ] as const;
    for (const [subject, came] of wrong) {
      expect(() => expect(subject).not.toHaveTracked('x')).toThrow(
        `expect(…): expected what createRecorder or startFakeApi returned, got ${came}`,
      );
    }
  });

  it('works on what a promise resolves to', async () => {
    await expect(Promise.resolve(filled())).resolves.toHaveTracked('user_login');
    const failing = expect(Promise.resolve(filled())).resolves.toHaveTracked('user_logout');
    await expect(failing).rejects.toThrow('event user_logout');
  });
});

describe('toHavePageview', () => {
  it('finds a page by path and query, on any origin', () => {
    const recorder = filled();
    expect(recorder).toHavePageview('/onboarding?step=2');
    expect(recorder).toHavePageview('/onboarding?step=2', { contactUid: 7 });
    expect(recorder).not.toHavePageview('/onboarding?step=2', { contactUid: 8 });
    for (const page of ['/onboarding', '/onboarding?step=3', '/', '//onboarding?step=2']) {
      expect(recorder).not.toHavePageview(page);
    }
  });

  it('finds it by its whole URL', () => {
    const recorder = filled();
    expect(recorder).toHavePageview('https://app.example.com/onboarding?step=2');
    expect(recorder).toHavePageview('HTTPS://app.example.com:443/onboarding?step=2');
    expect(recorder).toHavePageview(new URL('/onboarding?step=2', 'https://app.example.com'));
    expect(recorder).not.toHavePageview('http://app.example.com/onboarding?step=2');
  });

  it('finds it by a pattern for path and query, with any flags', () => {
    const recorder = filled();
    const pattern = /^\/onboarding\?step=\d$/g;
    expect(recorder).toHavePageview(pattern);
    expect(recorder).toHavePageview(pattern);
    expect(recorder).not.toHavePageview(/example\.com/);
  });

  it('compares what browsers make of a path', () => {
    const recorder = createRecorder();
    recorder.pageview({ contactUid: 7, visitUrl: 'https://app.example.com/caf%C3%A9' });
    recorder.pageview({ contactUid: 7, visitUrl: 'https://app.example.com//twice' });
    recorder.pageview({ contactUid: 7, visitUrl: 'https://app.example.com' });
    expect(recorder).toHavePageview('/café');
    expect(recorder).toHavePageview('//twice');
    expect(recorder).toHavePageview('/');
  });

  it('rejects a value that is not a page', () => {
    expect(() => expect(filled()).not.toHavePageview('onboarding')).toThrow(
      'page: expected a path such as /onboarding, a URL or a RegExp, got "onboarding"',
    );
    expect(() => expect(filled()).not.toHavePageview(undefined as never)).toThrow('got nothing');
  });

  it('does not take an event for a page', () => {
    const recorder = createRecorder();
    recorder.event('x', { contactUid: 7, params: { visit_url: 'https://app.example.com/' } });
    expect(recorder).not.toHavePageview('/');
  });
});

describe('a failure', () => {
  it('says what was expected, what was tracked instead, closest first, and how the closest differs', () => {
    const recorder = filled();
    recorder.event('user_registration', { contactUid: 9, params: { plan: 'pro' } });
    expect(
      failureOf(() =>
        expect(recorder).toHaveTracked('user_registration', {
          contactUid: 9,
          accountUid: expect.any(String),
          params: { plan: 'pro' },
        }),
      ),
    ).toBe(`expect(recorder).toHaveTracked(eventUid, details)

Expected: event user_registration { contactUid: "9", accountUid: Any<String>, params: { plan: "pro" } }

Tracked instead, closest first:
  event user_registration { contactUid: "9", params: { plan: "pro" } }
  event user_registration { contactUid: "8", accountUid: "acme", displayName: "Registration", params: { plan: "free", since: "2027-01-31T09:30:00.000Z", seats: [{ id: 1, role: "admin" }, { id: 2 }], address: { city: "Oslo" } } }
  event user_login { contactUid: "7" }
  pageview https://app.example.com/onboarding?step=2 { contactUid: "7" }

The first differs:

- Expected
+ Received

  {
-   "accountUid": Any<String>,
    "contactUid": "9",
    "params": {
      "plan": "pro",
    },
  }`);
  });

  it('puts a name first that was perhaps meant', () => {
    const recorder = filled();
    recorder.event('signed_up', { contactUid: 7 });
    const firstFor = (eventUid: string): string | undefined =>
      /closest first:\n {2}(event \w+)/.exec(failureOf(() => expect(recorder).toHaveTracked(eventUid)))?.[1];
    expect(firstFor('user_registered')).toBe('event user_registration');
    expect(firstFor('user_logon')).toBe('event user_login');
    expect(firstFor('sign_up')).toBe('event signed_up');
  });

  it('puts a page first that was perhaps meant', () => {
    expect(failureOf(() => expect(filled()).toHavePageview('/onboarding'))).toBe(
      `expect(recorder).toHavePageview(page)

Expected: pageview /onboarding

Tracked instead, closest first:
  pageview https://app.example.com/onboarding?step=2 { contactUid: "7" }
  event user_login { contactUid: "7" }
  event user_registration { contactUid: "8", accountUid: "acme", displayName: "Registration", params: { plan: "free", since: "2027-01-31T09:30:00.000Z", seats: [{ id: 1, role: "admin" }, { id: 2 }], address: { city: "Oslo" } } }`,
    );
  });

  it('stays short, however much was tracked', () => {
    const recorder = createRecorder();
    for (let contactUid = 1; contactUid <= 12; contactUid++) {
      recorder.event('note', { contactUid, params: { text: 'long '.repeat(500) } });
    }
    const lines = failureOf(() => expect(recorder).toHaveTracked('report')).split('\n');
    expect(lines).toHaveLength(16);
    expect(lines.at(-1)).toBe('  … and 2 more');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(350);
  });

  it('says where to look when nothing was tracked', () => {
    expect(failureOf(() => expect(createRecorder()).toHaveTracked('user_login'))).toBe(
      `expect(recorder).toHaveTracked(eventUid)

Expected: event user_login

Nothing was tracked.
Did the application get this recorder?
An automatic pageview, and an event whose contact is asked for, are there after \`await recorder.flush()\`.`,
    );
  });

  it('does not doubt the recorder where only contacts and accounts were recorded', () => {
    const recorder = createRecorder();
    recorder.contact(7, { plan: 'pro' });
    recorder.contact(8, { plan: 'pro' });
    recorder.account(9, { plan: 'pro' });
    expect(failureOf(() => expect(recorder).toHaveTracked('user_login'))).toMatch(
      /No event was tracked, only 2 contacts and 1 account\.\nAn automatic pageview, .*$/,
    );
  });

  it('says why requests were not pageviews, and what a test has to do', async () => {
    const recorder = createRecorder();
    const site = await openSite(recorder);
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)', 'sec-fetch-dest': 'document' };
    await fetch(site);
    await fetch(site, { headers: { 'sec-fetch-dest': 'document', 'x-user': '7' } });
    await fetch(site, { headers: browser });
    await fetch(site, { headers: browser });
    await recorder.flush();
    expect(failureOf(() => expect(recorder).toHavePageview('/'))).toMatch(
      /Nothing was tracked\.\nRequests so far that were not pageviews: 1 not_a_page, 1 bot, 2 no_contact\n {2}not_a_page: ask as a browser does, with the header Accept: text\/html, .*\n {2}bot: send the whole User-Agent of a browser; .*\n {2}no_contact: identify returned no contact by the end of the response; sign in first$/,
    );
    await fetch(site, { headers: { ...browser, 'x-user': '7' } });
    await recorder.flush();
    expect(recorder).toHavePageview('/', { contactUid: 7 });
  });

  it('says why events were dropped', () => {
    const recorder = createRecorder({ beforeSend: () => null });
    recorder.event('user_login', { contactUid: 7 });
    expect(failureOf(() => expect(recorder).toHaveTracked('user_login'))).toMatch(
      /Nothing was tracked\.\nDropped so far: 1 before_send$/,
    );
  });

  it('lists, with not, the events that there were', () => {
    expect(failureOf(() => expect(filled()).not.toHaveTracked('user_login', { contactUid: 7 }))).toBe(
      `expect(recorder).not.toHaveTracked(eventUid, details)

Expected: no event user_login { contactUid: "7" }

But it was tracked:
  event user_login { contactUid: "7" }`,
    );
  });
});

describe('a fake API', () => {
  it('is asked like a recorder, for what it received', async () => {
    const api = await startFakeApi();
    onTestFinished(() => api.close());
    const tracker = createTracker({ apiToken: api.token, apiUrl: api.url, createdAt: true });
    tracker.event('user_registration', {
      contactUid: 7,
      accountUid: 'acme',
      displayName: 'Registration',
      params: { plan: 'pro' },
      occurredAt: at,
    });
    tracker.pageview({ contactUid: 7, visitUrl: 'https://app.example.com/' });
    await tracker.close();

    expect(api).toHaveTracked('user_registration', {
      contactUid: 7,
      accountUid: 'acme',
      displayName: 'Registration',
      params: { plan: 'pro' },
      occurredAt: at,
    });
    expect(api).toHavePageview('/', { contactUid: 7 });
    expect(failureOf(() => expect(api).toHaveTracked('user_login'))).toContain(
      'expect(api).toHaveTracked(eventUid)',
    );
  });

  it('says whether a request came at all, and what was wrong with the last that it rejected', async () => {
    const api = await startFakeApi();
    onTestFinished(() => api.close());
    expect(failureOf(() => expect(api).toHaveTracked('user_login'))).toMatch(
      /The API received no event\.\nNo request came\. Does the application use url and token of this API\?/,
    );
    const headers = { authorization: `Basic ${btoa(`${api.token}:`)}`, 'content-type': 'application/json' };
    await fetch(`${api.url}/v1/track/event`, { method: 'POST', headers, body: '{"contact_uid":"7"}' });
    expect(failureOf(() => expect(api).toHaveTracked('user_login'))).toMatch(
      /The last rejected request, with 400: body\.event_uid: expected /,
    );
  });
});
