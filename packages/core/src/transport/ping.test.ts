import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFakeApi } from '../../test/fake-api.js';
import { ping } from './ping.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a ping', () => {
  it('reports that a token is right, and what is left of its budget', async () => {
    await using api = await startFakeApi({ rateLimit: { limit: 900, windowMs: 300_000 } });
    const result = await ping({ apiToken: api.token, apiUrl: api.url });
    expect(result).toMatchObject({ status: 'right', rateLimit: { limit: 900, remaining: 899 } });
    expect(api.requests.map(({ path, status }) => [path, status])).toEqual([['/v1/ping', 200]]);
  });

  it('takes the token and the URL from the environment, as a tracker does', async () => {
    await using api = await startFakeApi();
    vi.stubEnv('SUCCESSEVE_API_TOKEN', api.token);
    vi.stubEnv('SUCCESSEVE_API_URL', api.url);
    expect(await ping()).toMatchObject({ status: 'right', apiUrl: new URL(api.url) });
  });

  it('reports that a token is wrong, without repeating it', async () => {
    await using api = await startFakeApi({ replies: [{ status: 401, body: 'no such-a-token here' }] });
    const { status, error } = await ping({ apiToken: 'such-a-token', apiUrl: api.url });
    expect(status).toBe('rejected');
    expect(error).toMatchObject({ status: 401, body: 'no *** here' });
  });

  it('reports that the budget is spent', async () => {
    await using api = await startFakeApi({ rateLimit: { limit: 1, windowMs: 60_000 } });
    const options = { apiToken: api.token, apiUrl: api.url };
    await ping(options);
    expect(await ping(options)).toMatchObject({ status: 'rate_limited', rateLimit: { remaining: 0 } });
  });

  it('reports that nothing answers, or not in time', async () => {
    const api = await startFakeApi({ replies: [503, 'hang'] });
    const options = { apiToken: api.token, apiUrl: api.url };
    expect(await ping(options)).toMatchObject({ status: 'unavailable', error: { status: 503 } });
    const unanswered = await ping({ ...options, timeoutMs: 50 });
    expect(unanswered.error?.message).toBe('no answer from the API: no complete answer within 50 ms');
    await api.close();
    expect((await ping(options)).error?.message).toBe('no answer from the API: ECONNREFUSED');
  });

  it('rejects with wrong options', async () => {
    await expect(ping({ apiToken: '' })).rejects.toMatchObject({ code: 'invalid_options' });
    const apiUrl = 'http://api.example.com';
    await expect(ping({ apiToken: 'x', apiUrl })).rejects.toThrow('http: to loopback');
  });
});
