import { expect, it } from 'vitest';
import { type Dev, event, get, send, startDev, token, track, until, watch } from '../../../test/dev.js';
import type { Entry, Hello, RequestDetails } from '../protocol.js';

const page = { 'sec-fetch-site': 'same-origin' };
const seqsOf = (entries: readonly Entry[]): number[] => entries.map(({ seq }) => seq);
const batchOf = (count: number): unknown[] => Array(count).fill({ method: 'event', ...event });

it('begins with the state that a page needs', async () => {
  const dev = await startDev({ rateLimit: { limit: 900, windowMs: 300_000 } });
  const { message, answer } = await watch(dev);
  const hello = await message('hello');
  expect(answer.headers['content-type']).toBe('text/event-stream');
  expect(hello).toEqual({
    type: 'hello',
    runId: expect.any(String),
    apiUrl: dev.url,
    newest: 0,
    maxEntries: 100_000,
    budget: { limit: 900, remaining: 900, windowMs: 300_000, resetsAt: null },
    faults: { answers: [], latencyMs: 0 },
  });
  expect(await get<Hello>(`${dev.url}/dev/hello`)).toEqual(hello);
});

it('sends what arrives to every page, each event of a batch by itself', async () => {
  const dev = await startDev();
  const pages = await Promise.all([watch(dev), watch(dev)]);
  await track(dev, { ...event, params: { account_uid: 'acme', display_name: 'Registration' } });
  await send(`${dev.url}/v1/batch`, {
    body: [
      { method: 'contact', contact_uid: 'ada', params: { name: 'Ada Lovelace', account_uid: 'acme' } },
      { method: 'account', account_uid: 'acme', params: { name: 'Acme' } },
      {
        method: 'event',
        contact_uid: 'ada',
        event_uid: 'pageview',
        params: { visit_url: 'https://a.example/' },
        created_at: '2026-11-23T10:00:00.000Z',
      },
    ],
  });
  for (const { entriesAre } of pages) {
    expect(await entriesAre(4)).toEqual([
      {
        type: 'accepted',
        seq: 1,
        at: expect.any(Number),
        kind: 'event',
        requestId: 1,
        index: 0,
        contactUid: 'ada',
        accountUid: 'acme',
        eventUid: 'user_registration',
        displayName: 'Registration',
      },
      expect.objectContaining({
        kind: 'contact',
        requestId: 2,
        index: 0,
        contactUid: 'ada',
        displayName: 'Ada Lovelace',
      }),
      expect.objectContaining({
        kind: 'account',
        requestId: 2,
        index: 1,
        accountUid: 'acme',
        displayName: 'Acme',
      }),
      expect.objectContaining({
        kind: 'pageview',
        seq: 4,
        index: 2,
        visitUrl: 'https://a.example/',
        occurredAt: Date.parse('2026-11-23T10:00:00Z'),
      }),
    ]);
  }
});

it('sends what was rejected, what was wrong with it, and how to fix it', async () => {
  const dev = await startDev();
  const { entriesAre } = await watch(dev);
  await track(dev, { ...event, event_uid: 'User Registered' });
  await send(`${dev.url}/api/v1/track/event`, { body: event });
  expect(await entriesAre(2)).toMatchObject([
    {
      type: 'rejected',
      method: 'POST',
      path: '/v1/track/event',
      status: 400,
      problem: 'body.event_uid: expected a name in snake_case, got "User Registered"',
      advice: expect.stringContaining('user_registration'),
      isFault: false,
      contents: { event: 1 },
      contactUid: 'ada',
      eventUid: 'User Registered',
    },
    { status: 404, path: '/api/v1/track/event', advice: expect.stringContaining('SUCCESSEVE_API_URL') },
  ]);
});

it('names the object that a batch was rejected for, and none for a problem of the whole batch', async () => {
  const dev = await startDev({ rateLimit: { limit: 2, windowMs: 60_000 } });
  const { entriesAre } = await watch(dev);
  const bad = { method: 'event', contact_uid: 'grace', event_uid: 'BAD' };
  await send(`${dev.url}/v1/batch`, { body: [...batchOf(2), bad] });
  await send(`${dev.url}/v1/batch`, { body: [...batchOf(1), 'no object', bad] });
  await send(`${dev.url}/v1/batch`, { body: batchOf(2) });
  const [one, none, all] = await entriesAre(3);
  expect(one).toMatchObject({
    problem: expect.stringMatching(/^body\[2\]\.event_uid/),
    index: 2,
    eventUid: 'BAD',
    contactUid: 'grace',
    contents: { event: 3 },
  });
  expect(none).toMatchObject({ problem: expect.stringMatching(/^body\[1\]:/) });
  expect(all).toMatchObject({ status: 429 });
  for (const entry of [none, all]) {
    for (const name of ['index', 'eventUid', 'contactUid']) expect(entry).not.toHaveProperty(name);
  }
});

it('sends the params of an event in one line, shortened, without those that have a field of their own', async () => {
  const dev = await startDev();
  const { entriesAre } = await watch(dev);
  const own = { account_uid: 'acme', display_name: 'Invoice paid' };
  await track(dev, { ...event, params: { ...own, total: 99, plan: 'pro', tags: ['a'] } });
  await track(dev, { ...event, params: { text: 'x'.repeat(100_000) } });
  await track(dev, { ...event, params: own });
  const [short, long, none] = await entriesAre(3);
  expect(short).toMatchObject({ attributes: 'total: 99, plan: pro, tags: ["a"]' });
  expect(long).toMatchObject({ attributes: expect.stringMatching(/^text: x{2000,2050}…$/) });
  expect(none).not.toHaveProperty('attributes');
});

it('shows a request as it was received, without its token, and how to repeat it', async () => {
  const dev = await startDev();
  const { entriesAre } = await watch(dev);
  const body = JSON.stringify({ ...event, contact_uid: "o'hara", params: { note: token } });
  await send(`${dev.url}/v1/track/event?api_token=${token}&x=1`, { body, headers: { 'X-Trace': '7' } });
  const [entry] = await entriesAre(1);
  const id = entry?.type === 'accepted' ? entry.requestId : 0;
  const details = await get<RequestDetails>(`${dev.url}/dev/requests/${id}`);
  expect(details).toMatchObject({
    id,
    method: 'POST',
    target: '/v1/track/event?api_token=***&x=1',
    body: body.replace(token, '***'),
    status: 200,
  });
  expect(details.headers).toContainEqual(['authorization', 'Basic ***']);
  expect(details.headers).toContainEqual(['X-Trace', '7']);
  expect(JSON.stringify(details)).not.toContain(token);
  expect(details.curl).toContain(`-u "\${SUCCESSEVE_API_TOKEN:-anything}:"`);
  expect((await send(`${dev.url}/dev/requests/99`, { method: 'GET' })).status).toBe(404);
});

it('continues after the last entry that a page has', async () => {
  const dev = await startDev();
  await send(`${dev.url}/v1/batch`, { body: batchOf(5) });
  const first = await watch(dev, { query: '?after=3' });
  expect(seqsOf(await first.entriesAre(2))).toEqual([4, 5]);
  first.close();
  await track(dev);
  const again = await watch(dev, { query: '?after=3', headers: { 'last-event-id': first.lastEventId } });
  expect(seqsOf(await again.entriesAre(1))).toEqual([6]);
});

it('sends everything again to a page with entries of another run', async () => {
  const dev = await startDev();
  await track(dev);
  const known = { headers: { 'last-event-id': 'another-run/1' } };
  expect(seqsOf(await (await watch(dev, known)).entriesAre(1))).toEqual([1]);
  expect(seqsOf(await (await watch(dev, { query: '?after=7' })).entriesAre(1))).toEqual([1]);
  expect(seqsOf(await (await watch(dev, { query: '?after=nonsense' })).entriesAre(1))).toEqual([1]);
});

it('sends what was cleared, also to a page that was disconnected then', async () => {
  const dev = await startDev();
  await send(`${dev.url}/v1/batch`, { body: batchOf(3) });
  const { message } = await watch(dev);
  expect((await send(`${dev.url}/dev/entries`, { method: 'DELETE', headers: page })).status).toBe(204);
  expect(await message('cleared')).toEqual({ type: 'cleared', upTo: 3 });
  await track(dev);
  const back = await watch(dev, { query: '?after=2' });
  expect(seqsOf(await back.entriesAre(1))).toEqual([4]);
  expect(await back.message('cleared')).toEqual({ type: 'cleared', upTo: 3 });
  expect((await send(`${dev.url}/dev/requests/1`, { method: 'GET' })).status).toBe(404);
});

it('sends what is left of the budget, and until when', async () => {
  const dev = await startDev({ rateLimit: { limit: 2, windowMs: 300 } });
  const { message } = await watch(dev);
  await track(dev);
  expect(await message('budget')).toMatchObject({ budget: { remaining: 1, resetsAt: expect.any(Number) } });
});

it('answers with faults that a page switches on, and marks them as such', async () => {
  const dev = await startDev();
  const { message, entriesAre } = await watch(dev);
  const faults = { answers: [{ answer: 503, percent: 100 }], latencyMs: 0 };
  const switching = await send(`${dev.url}/dev/faults`, { method: 'PUT', headers: page, body: faults });
  expect(switching.status).toBe(204);
  expect(await message('faults')).toEqual({ type: 'faults', faults });
  expect((await track(dev)).status).toBe(503);
  const [entry] = await entriesAre(1);
  expect(entry).toMatchObject({ type: 'rejected', status: 503, isFault: true, contactUid: 'ada' });
  expect(entry).not.toHaveProperty('problem');
});

it('rejects invalid faults, and explains what is wrong with them', async () => {
  const { url } = await startDev();
  const put = async (body: unknown, more = {}): Promise<unknown> => {
    const headers = { ...page, ...more };
    const { status, text } = await send(`${url}/dev/faults`, { method: 'PUT', headers, body });
    return [status, JSON.parse(text).message];
  };
  expect(await put({ latencyMs: 0 })).toEqual([400, 'answers: expected at most 20']);
  expect(await put({ answers: [{ answer: 200, percent: 5 }], latencyMs: 0 })).toEqual([
    400,
    'answer: expected a status from 400 to 599, "hang" or "reset"',
  ]);
  expect(await put({ answers: [{ answer: 503, percent: 0 }], latencyMs: 0 })).toEqual([
    400,
    'percent: expected a number above 0, up to 100',
  ]);
  expect(await put({ answers: [], latencyMs: -1 })).toEqual([
    400,
    'latencyMs: expected a whole number from 0 to 600000',
  ]);
  expect(await put({}, { 'transfer-encoding': 'chunked' })).toEqual([
    411,
    'Expected a body, and its Content-Length.',
  ]);
  expect(await put('{')).toEqual([415, 'Expected JSON, and Content-Type: application/json.']);
  expect(await put({ answers: [], latencyMs: 0, more: 'x'.repeat(20_000) })).toEqual([
    413,
    'Expected at most 16384 bytes.',
  ]);
});

it('loses nothing of a burst', async () => {
  const dev = await startDev();
  const watching = await watch(dev);
  const sending = Array.from({ length: 200 }, () => send(`${dev.url}/v1/batch`, { body: batchOf(100) }));
  await Promise.all(sending);
  const entries = await watching.entriesAre(20_000);
  expect(seqsOf(entries)).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
});

/** Entries as long as they may be, so that sockets alone cannot hold many of them. */
const longBatch = Array(100).fill({
  method: 'event',
  contact_uid: 'ada',
  event_uid: 'pageview',
  params: { visit_url: `https://a.example/${'x'.repeat(1900)}` },
});

async function sendLong(dev: Dev, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 100) await send(`${dev.url}/v1/batch`, { body: longBatch });
}

it('buffers nothing for a page that does not read, which misses what was deleted in between', async () => {
  const dev = await startDev({ maxEntries: 1000 });
  const slow = await watch(dev, { isSlow: true });
  await sendLong(dev, 15_000);
  slow.answer.resume();
  await until(() => expect(slow.entries.at(-1)?.seq).toBe(15_000));
  expect(slow.entries.length).toBeLessThan(12_000);
  expect(seqsOf(slow.entries)).toEqual(seqsOf(slow.entries).toSorted((one, other) => one - other));
});

it('sends to a page as fast as the page reads, and no faster', async () => {
  const dev = await startDev();
  await sendLong(dev, 15_000);
  const slow = await watch(dev, { isSlow: true });
  dev.devApi.store.clear();
  slow.answer.resume();
  expect(await slow.message('cleared')).toEqual({ type: 'cleared', upTo: 15_000 });
  expect(slow.entries.length).toBeLessThan(12_000);
});
