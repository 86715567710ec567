import { describe, expect, it } from 'vitest';
import { basic, event, send, start } from './test-client.js';

const token = 'k3y-of-the-test';

describe('the token', () => {
  it.each([
    ['as user name with an empty password', '/v1/track/event', basic(token)],
    ['in any case of the scheme', '/v1/track/event', basic(token).replace('Basic', 'basic')],
    ['in the query', `/v1/track/event?api_token=${token}`, undefined],
    ['as user name of a ping', '/v1/ping', basic(token)],
  ])('is right %s', async (_, path, authorization) => {
    const api = await start({ token });
    const answer = await send(api, path, { body: event, headers: { authorization } });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['nowhere', '/v1/track/event', undefined],
    ['empty in the query', '/v1/track/event?api_token=', undefined],
    ['empty in HTTP Basic', '/v1/track/event', basic('')],
    ['in the query of a ping', `/v1/ping?api_token=${token}`, undefined],
  ])('is missing when it is %s', async (_, path, authorization) => {
    const api = await start({ token });

    const answer = await send(api, path, { body: event, headers: { authorization } });

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).message).toMatch(/^API key missing: expected the token as /);
    expect(api.events).toEqual([]);
  });

  it.each([
    ['another user name', '/v1/track/event', basic('another')],
    ['a password next to it', '/v1/track/event', basic(token, 'x')],
    ['it as the password', '/v1/track/event', basic('', token)],
    ['no colon behind it', '/v1/track/event', `Basic ${Buffer.from(token).toString('base64')}`],
    ['another scheme', '/v1/track/event', `Bearer ${token}`],
    ['another scheme before the right words', '/v1/track/event', basic(token).replace('Basic', 'Bearer')],
    ['another one in the query', '/v1/track/event?api_token=another', undefined],
    ['a wrong header with the right query', `/v1/track/event?api_token=${token}`, basic('another')],
  ])('is wrong with %s', async (_, path, authorization) => {
    const api = await start({ token });

    const answer = await send(api, path, { body: event, headers: { authorization } });

    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text).message).toMatch(/^Wrong API key\. /);
    expect(answer.text).not.toContain(token);
    expect(answer.text).not.toContain('another"');
    expect(api.events).toEqual([]);
    expect(api.requests[0]).toMatchObject({ status: 401, problem: JSON.parse(answer.text).message });
  });

  it.each([
    ['the path', `/v1/${token}`, event],
    ['an event', '/v1/track/event', { ...event, event_uid: token }],
    ['a body that is not JSON', '/v1/track/event', `api_token=${token}`],
    ['a long body that is not JSON', '/v1/track/event', `${'x'.repeat(70)}${token}`],
  ])('is in no problem, though it came in %s', async (_, path, body) => {
    const api = await start({ token });

    const answer = await send(api, path, { body });

    expect(api.requests[0]?.problem).toContain('expected');
    expect(api.requests[0]?.problem).not.toContain(token.slice(0, 8));
    expect(answer.text).not.toContain(token.slice(0, 8));
  });

  it('is said to lack its colon, since that is easily forgotten', async () => {
    const api = await start({ token });
    const headers = { authorization: `Basic ${Buffer.from(token).toString('base64')}` };

    await send(api, '/v1/track/event', { body: event, headers });

    expect(api.requests[0]?.problem).toContain('expected the token and a colon, got no colon');
  });

  it('is a new one for each fake API, unless it is given', async () => {
    const [one, other, given] = [await start(), await start(), await start({ token })];
    expect(one.token).not.toBe(other.token);
    expect(given.token).toBe(token);
  });

  it('is asked for before the body is looked at, and after the path', async () => {
    const api = await start();
    const headers = { authorization: undefined };

    expect(await send(api, '/v1/track/event', { body: '{', headers })).toMatchObject({ status: 400 });
    expect(await send(api, '/nowhere', { headers })).toMatchObject({ status: 404 });
    expect(await send(api, '/v1/track/event', { method: 'GET', headers })).toMatchObject({ status: 405 });

    expect(api.requests[0]?.problem).toContain('API key missing');
  });
});
