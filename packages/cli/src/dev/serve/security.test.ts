import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type Dev, event, get, send, startDev, token, watch } from '../../../test/dev.js';
import type { Hello } from '../protocol.js';

const portOf = ({ url }: Dev): string => new URL(url).port;

describe('the Host header', () => {
  it.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'shop.localhost'])('may be %s', async (name) => {
    const dev = await startDev();
    const headers = { host: `${name}:${portOf(dev)}` };
    expect((await send(`${dev.url}/v1/track/event`, { headers, body: event })).status).toBe(200);
    expect((await send(`${dev.url}/`, { method: 'GET', headers })).status).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.5',
    '[::2]',
    'a@localhost',
  ])('may not be %s, as after DNS rebinding', async (name) => {
    const dev = await startDev();
    const headers = { host: `${name}:${portOf(dev)}` };
    for (const [method, path] of [
      ['POST', '/v1/track/event'],
      ['GET', '/'],
      ['GET', '/dev/stream'],
      ['GET', '/dev/hello'],
      ['POST', '/dev/reports'],
    ] as const) {
      const answer = await send(`${dev.url}${path}`, {
        method,
        headers,
        body: method === 'POST' ? event : undefined,
      });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.text).toContain('Host: expected localhost');
    }
    expect(dev.devApi.store.lastSeq).toBe(0);
  });

  it('has to have the port', async () => {
    const { url } = await startDev();
    for (const host of ['localhost', 'localhost:1']) {
      expect((await send(`${url}/`, { method: 'GET', headers: { host } })).status).toBe(403);
    }
  });

  it('may be any address, but no foreign name, where other machines may come', async () => {
    const dev = await startDev({ host: '0.0.0.0' });
    const statusFor = async (host: string): Promise<number> =>
      (await send(`${dev.url}/dev/hello`, { method: 'GET', headers: { host } })).status;
    expect(await statusFor(`192.168.1.5:${portOf(dev)}`)).toBe(200);
    // A container's port is often another one outside.
    expect(await statusFor('localhost:8080')).toBe(200);
    expect(await statusFor(`evil.example:${portOf(dev)}`)).toBe(403);
    expect((await get<Hello>(`${dev.url}/dev/hello`)).apiUrl).toBe(`http://127.0.0.1:${portOf(dev)}`);
  });
});

it('is not there for other machines', async () => {
  const dev = await startDev();
  for (const { address, family, internal } of Object.values(networkInterfaces()).flatMap((all = []) => all)) {
    if (internal || family !== 'IPv4') continue;
    await expect(send(`http://${address}:${portOf(dev)}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
});

describe('a page of another site', () => {
  const foreign = [
    ['by Origin', { origin: 'https://evil.example' }],
    ['by an opaque Origin', { origin: 'null' }],
    ['by another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['of the same site', { 'sec-fetch-site': 'same-site' }],
  ] as const;

  it.each(foreign)('sends no events: %s', async (_, headers) => {
    const dev = await startDev();
    const path = `${dev.url}/v1/track/event?api_token=${token}`;
    // What a form, or a fetch without CORS, may send without asking.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
      const sending = { headers: { ...headers, 'content-type': type }, body: event, isBare: true } as const;
      const answer = await send(path, sending);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('send events from your server');
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
    expect(dev.devApi.store.lastSeq).toBe(0);
  });

  it.each(foreign)('changes nothing and reads nothing: %s', async (_, headers) => {
    const dev = await startDev();
    const faults = { answers: [], latencyMs: 9 };
    const asked = [
      await send(`${dev.url}/dev/faults`, { method: 'PUT', headers, body: faults }),
      await send(`${dev.url}/dev/entries`, { method: 'DELETE', headers }),
      await send(`${dev.url}/dev/reports`, { headers, body: { reports: [] } }),
      await send(`${dev.url}/dev/stream`, { method: 'GET', headers }),
      await send(`${dev.url}/dev/requests/1`, { method: 'GET', headers }),
      await send(`${dev.url}/%64ev/hello`, { method: 'GET', headers }),
      await send(`${dev.url}/`, { method: 'GET', headers }),
      await send(`${dev.url}/v1/track/event`, { method: 'OPTIONS', headers }),
    ];
    expect(asked.map(({ status }) => status)).toEqual(Array(8).fill(403));
    expect(dev.devApi.hello().faults.latencyMs).toBe(0);
  });

  it('may link to the page', async () => {
    const { url } = await startDev();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await send(`${url}/`, { method: 'GET', headers, isBare: true })).status).toBe(200);
  });
});

it('takes no event that a form could send, even without knowing who sends it', async () => {
  const dev = await startDev();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const headers = { 'content-type': type };
    const path = `${dev.url}/v1/track/event?api_token=${token}`;
    expect((await send(path, { headers, body: JSON.stringify(event), isBare: true })).status).toBe(406);
  }
  const { entriesAre } = await watch(dev);
  expect((await entriesAre(3)).every(({ type }) => type === 'rejected')).toBe(true);
});

it('lets the page alone change something: by Sec-Fetch-Site, or by Origin where a browser does not send it', async () => {
  const { url } = await startDev();
  const changes = [
    { method: 'DELETE', path: '/dev/entries' },
    { method: 'PUT', path: '/dev/faults', body: { answers: [], latencyMs: 0 } },
  ];
  for (const { path, ...change } of changes) {
    const statusWith = async (headers: Record<string, string>): Promise<number> => {
      const sent = { 'content-type': 'application/json', ...headers };
      return (await send(url + path, { ...change, headers: sent, isBare: true })).status;
    };
    expect(await statusWith({ 'sec-fetch-site': 'same-origin' })).toBe(204);
    expect(await statusWith({ origin: url })).toBe(204);
    expect(await statusWith({})).toBe(403);
  }
});

it('takes reports with a token alone', async () => {
  const given = await startDev({ token });
  const any = await startDev();
  const statusOf = async ({ url }: Dev, authorization?: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
    return (await send(`${url}/dev/reports`, { headers, body: { reports: [] }, isBare: true })).status;
  };
  expect(await statusOf(given, `Basic ${btoa(`${token}:`)}`)).toBe(204);
  expect(await statusOf(given, `Basic ${btoa('another:')}`)).toBe(401);
  expect(await statusOf(any, `Basic ${btoa('another:')}`)).toBe(204);
  expect(await statusOf(any)).toBe(401);
});

it('forbids browsers on every response to run, frame and share anything of another site', async () => {
  const dev = await startDev();
  await send(`${dev.url}/v1/track/event`, { body: event });
  for (const path of [
    '/',
    '/nowhere.js',
    '/dev/hello',
    '/dev/requests/1',
    '/dev/requests/9',
    '/dev/nowhere',
  ]) {
    const { headers } = await send(`${dev.url}${path}`, { method: 'GET' });
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
  const { headers } = (await watch(dev)).answer;
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  expect(headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin' });
});

it('does not send as HTML what came from outside', async () => {
  const dev = await startDev();
  const script = '<script>alert(1)</script>';
  await send(`${dev.url}/v1/track/event`, { body: { ...event, contact_uid: script } });
  const details = await send(`${dev.url}/dev/requests/1`, { method: 'GET' });
  expect(details.headers['content-type']).toContain('application/json');
  const missing = await send(`${dev.url}/dev/${encodeURIComponent(script)}`, { method: 'GET' });
  expect(missing.text).not.toContain('script');
});
