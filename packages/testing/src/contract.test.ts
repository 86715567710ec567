import { describe, expect, it } from 'vitest';
import { basic, event, pageview, send, start, track } from './test-client.js';

const mib = 1024 * 1024;

describe('an event', () => {
  it('is answered with success when it is exactly the contract’s', async () => {
    const api = await start();

    const answer = await track(api);

    expect(answer).toMatchObject({ status: 200, text: '{"status":"success"}' });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(api.events).toEqual([event]);
  });

  it.each([
    [
      'contact_uid is missing',
      { event_uid: 'a' },
      'body.contact_uid: expected a non-empty string, got nothing',
    ],
    [
      'contact_uid is empty',
      { ...event, contact_uid: '' },
      'body.contact_uid: expected a non-empty string, got ""',
    ],
    [
      'contact_uid is a number',
      { ...event, contact_uid: 7 },
      'body.contact_uid: expected a non-empty string, got 7',
    ],
    [
      'event_uid is missing',
      { contact_uid: '1' },
      'body.event_uid: expected a name in snake_case, got nothing',
    ],
    [
      'event_uid has capitals',
      { ...event, event_uid: 'User' },
      'body.event_uid: expected a name in snake_case, got "User"',
    ],
    ['event_uid has a hyphen', { ...event, event_uid: 'a-b' }, 'body.event_uid:'],
    ['event_uid ends in an underscore', { ...event, event_uid: 'a_' }, 'body.event_uid:'],
    ['event_uid begins with an underscore', { ...event, event_uid: '_a' }, 'body.event_uid:'],
    ['event_uid has two underscores', { ...event, event_uid: 'a__b' }, 'body.event_uid:'],
    ['event_uid ends in a line break', { ...event, event_uid: 'a\n' }, 'body.event_uid:'],
    ['params are a list', { ...event, params: [] }, 'body.params: expected an object, got an array of 0'],
    ['params are null', { ...event, params: null }, 'body.params: expected an object, got null'],
    ['params are a string', { ...event, params: 'x' }, 'body.params: expected an object, got "x"'],
    [
      'account_uid is a number',
      { ...event, params: { account_uid: 1 } },
      'body.params.account_uid: expected a string, got 1',
    ],
    [
      'display_name is an object',
      { ...event, params: { display_name: {} } },
      'body.params.display_name: expected a string, got an object',
    ],
    [
      'created_at is not a date',
      { ...event, created_at: 'now' },
      'body.created_at: expected an ISO 8601 date, got "now"',
    ],
    ['created_at is a day that is not', { ...event, created_at: '2026-02-30' }, 'body.created_at:'],
    ['created_at has an hour that is not', { ...event, created_at: '2026-02-20T25:00Z' }, 'body.created_at:'],
    ['created_at is a number', { ...event, created_at: 1_790_000_000 }, 'body.created_at:'],
    ['the body is a list', [event], 'body: expected an object, got an array of 1'],
    ['the body is null', null, 'body: expected an object, got null'],
    ['the body is a string', '"event"', 'body: expected an object, got "event"'],
    ['the body is not JSON', '{"contact_uid":', 'body: expected JSON, got "{\\"contact_uid\\":"'],
    ['the body is empty', '', 'body: expected JSON, got ""'],
  ])('is rejected when %s', async (_, body, problem) => {
    const api = await start();

    const answer = await track(api, body);

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ status: 'error', message: expect.stringContaining(problem) });
    expect(api.requests[0]).toMatchObject({ status: 400, problem: JSON.parse(answer.text).message });
    expect(api.events).toEqual([]);
  });

  it.each([
    ['2026-11-23T10:00:00.000Z'],
    ['2026-11-23T10:00:00+02:00'],
    ['2026-11-23T10:00Z'],
    ['2026-11-23'],
  ])('may have happened at %s', async (created_at) => {
    const api = await start();
    expect(await track(api, { ...event, created_at })).toMatchObject({ status: 200 });
  });

  it('may have no params, or attributes of the customer’s own', async () => {
    const api = await start();
    const own = { ...event, params: { plan: 'gold', seats: 3 } };

    await track(api, { contact_uid: '1', event_uid: 'step_2' });
    await track(api, own);

    expect(api.events).toEqual([{ contact_uid: '1', event_uid: 'step_2' }, own]);
  });
});

describe('a pageview', () => {
  it('is an event of its own kind', async () => {
    const api = await start();

    await track(api, event);
    await track(api, pageview);

    expect(api.events).toEqual([event, pageview]);
    expect(api.pageviews).toEqual([pageview]);
  });

  it.each([
    ['is missing', undefined],
    ['is relative', '/onboarding'],
    ['has another scheme', 'ftp://myproduct.com/'],
    ['has no slashes', 'http:myproduct.com'],
    ['has no host', 'https://'],
    ['is not text', 5],
  ])('is rejected when visit_url %s', async (_, visit_url) => {
    const api = await start();

    const answer = await track(api, { ...pageview, params: { visit_url } });

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('body.params.visit_url: expected an absolute http(s) URL, got');
    expect(api.pageviews).toEqual([]);
  });

  it('is rejected without params', async () => {
    const api = await start();
    expect(await track(api, { contact_uid: '1', event_uid: 'pageview' })).toMatchObject({ status: 400 });
  });
});

describe('a batch', () => {
  const inBatch = { method: 'event', ...event };

  it('is taken apart', async () => {
    const api = await start();
    const body = [inBatch, { method: 'event', ...pageview, created_at: '2026-11-23T10:00:00.000Z' }];

    expect(await send(api, '/v1/batch', { body })).toMatchObject({ status: 200 });

    expect(api.events).toEqual(body);
    expect(api.pageviews).toEqual([body[1]]);
    expect(api.requests[0]?.events).toEqual(body);
  });

  it('takes contacts and accounts, which are not events', async () => {
    const api = await start();
    const body = [
      { method: 'contact', contact_uid: '1', params: { name: 'Ada' } },
      inBatch,
      { method: 'account', account_uid: '2' },
    ];

    expect(await send(api, '/v1/batch', { body })).toMatchObject({ status: 200 });

    expect(api.events).toEqual([inBatch]);
    expect(api.requests[0]?.events).toEqual([inBatch]);
  });

  it('may have 100 objects', async () => {
    const api = await start();
    await send(api, '/v1/batch', { body: Array(100).fill(inBatch) });
    expect(api.events).toHaveLength(100);
  });

  it.each([
    [
      'it has 101 objects',
      Array(101).fill(inBatch),
      'body: expected an array of 1 to 100 objects, got an array of 101',
    ],
    ['it is empty', [], 'body: expected an array of 1 to 100 objects, got an array of 0'],
    ['it is an object', inBatch, 'body: expected an array of 1 to 100 objects, got an object'],
    ['an object in it is none', [inBatch, 5], 'body[1]: expected an object, got 5'],
    ['a method is missing', [event], 'body[0].method: expected "event", "contact" or "account", got nothing'],
    ['a method is unknown', [{ ...event, method: 'page' }], 'body[0].method:'],
    [
      'one event in it is bad',
      [inBatch, inBatch, { ...inBatch, event_uid: 'Bad' }],
      'body[2].event_uid: expected a name in snake_case, got "Bad"',
    ],
    ['one contact in it is bad', [inBatch, { method: 'contact' }], 'body[1].contact_uid:'],
    ['one account in it is bad', [{ method: 'account', account_uid: '' }], 'body[0].account_uid:'],
  ])('is rejected as a whole when %s', async (_, body, problem) => {
    const api = await start();

    const answer = await send(api, '/v1/batch', { body });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).message).toContain(problem);
    expect(api.events).toEqual([]);
  });

  it('is not found when the API has none', async () => {
    const api = await start({ batch: false });

    const answer = await send(api, '/v1/batch', { body: [inBatch] });

    expect(answer.status).toBe(404);
    expect(api.requests[0]?.events).toEqual([inBatch]);
    expect(api.events).toEqual([]);
  });
});

describe('contacts, accounts and pings', () => {
  it.each([
    ['/v1/contact', { contact_uid: '1', params: { email: 'ada@example.com', mrr: 99 } }],
    ['/v1/contact', { contact_uid: '1' }],
    ['/v1/account', { account_uid: '2', params: { name: 'Lovelace' } }],
    ['/v1/ping', ''],
  ])('%s is answered with success and no event', async (path, body) => {
    const api = await start();

    expect(await send(api, path, { body })).toMatchObject({ status: 200, text: '{"status":"success"}' });

    expect(api.events).toEqual([]);
    expect(api.requests).toMatchObject([{ path, events: [], status: 200, problem: undefined }]);
  });

  it.each([
    ['/v1/contact', {}, 'body.contact_uid: expected a non-empty string, got nothing'],
    ['/v1/contact', { contact_uid: '1', params: 5 }, 'body.params: expected an object, got 5'],
    ['/v1/contact', [], 'body: expected an object, got an array of 0'],
    ['/v1/account', { contact_uid: '1' }, 'body.account_uid: expected a non-empty string, got nothing'],
    ['/v1/account', { account_uid: '1', params: [] }, 'body.params: expected an object, got an array of 0'],
    [
      '/v1/account',
      { account_uid: '1', created_at: 'x' },
      'body.created_at: expected an ISO 8601 date, got "x"',
    ],
  ])('%s rejects %j', async (path, body, message) => {
    const api = await start();

    const answer = await send(api, path, { body });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ status: 'error', message });
  });

  it('a ping needs neither a body nor a content type', async () => {
    const api = await start();
    const headers = { 'content-type': undefined };
    expect(await send(api, '/v1/ping', { headers })).toMatchObject({ status: 200 });
  });
});

describe('a request', () => {
  it.each(['/', '/v1/track', '/v1/track/event/', '/v2/track/event'])('to %s is not found', async (path) => {
    const api = await start();

    const answer = await send(api, path, { body: event });

    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text).message).toContain(`expected one of /v1/track/event, `);
    expect(api.requests[0]).toMatchObject({ path, status: 404, events: [] });
  });

  it.each([
    ['GET', undefined],
    ['DELETE', undefined],
    ['PUT', event],
  ])('by %s is not allowed', async (method, body) => {
    const api = await start();

    const answer = await send(api, '/v1/track/event', { method, body });

    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(JSON.parse(answer.text).message).toBe(`method: expected POST, got ${method}`);
    expect(api.events).toEqual([]);
  });

  it.each([
    [undefined, 'nothing'],
    ['text/plain', '"text/plain"'],
    ['application/json-patch+json', '"application/json-patch+json"'],
  ])('of the content type %s is not acceptable', async (type, came) => {
    const api = await start();

    const answer = await send(api, '/v1/track/event', { body: event, headers: { 'content-type': type } });

    expect(answer.status).toBe(406);
    expect(JSON.parse(answer.text).message).toBe(`Content-Type: expected application/json, got ${came}`);
    expect(api.events).toEqual([]);
    expect(api.requests[0]?.events).toEqual([event]);
  });

  it('may name the charset of its JSON', async () => {
    const api = await start();
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect(await send(api, '/v1/track/event', { body: event, headers })).toMatchObject({ status: 200 });
  });

  it.each([
    ['/v1/track/event', mib],
    ['/v1/contact', mib],
    ['/v1/batch', 4 * mib],
  ])('to %s may not be larger than %d bytes', async (path, bytes) => {
    const api = await start();
    const message = { method: 'event', ...event, account_uid: '1' };
    const json = JSON.stringify(path === '/v1/batch' ? [message] : message);

    const full = await send(api, path, { body: json.padEnd(bytes) });
    const over = await send(api, path, { body: json.padEnd(bytes + 1) });

    expect([full.status, over.status]).toEqual([200, 413]);
    expect(JSON.parse(over.text).message).toBe(`body: expected at most ${bytes} bytes, got more`);
    expect(api.requests[1]).toMatchObject({ events: [] });
    expect(api.requests[1]?.body).toHaveLength(bytes);
  });

  it('that is far too large is kept as far as it may go', async () => {
    const api = await start();

    expect(await track(api, 'x'.repeat(3 * mib))).toMatchObject({ status: 413 });

    expect(api.requests[0]?.body).toBe('x'.repeat(mib));
  });

  it('is kept as it came, rejected or not', async () => {
    const api = await start();
    const before = Date.now();

    await send(api, '/v1/track/event?from=here', { body: '{"contact_uid":"é"}' });

    expect(api.requests).toEqual([
      {
        receivedAt: expect.any(Number),
        method: 'POST',
        path: '/v1/track/event',
        query: 'from=here',
        headers: expect.objectContaining({ authorization: basic(api.token) }),
        body: '{"contact_uid":"é"}',
        events: [{ contact_uid: 'é' }],
        status: 400,
        problem: expect.stringContaining('body.event_uid'),
      },
    ]);
    expect(api.requests[0]?.receivedAt).toBeGreaterThanOrEqual(before);
    expect(api.requests[0]?.receivedAt).toBeLessThanOrEqual(Date.now());
  });
});
