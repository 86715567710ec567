import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { stubTransport } from '../../test/stub-transport.js';
import { createTracker, memoryQueue, type TrackerOptions } from '../index.js';

const apiToken = 'test-token';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('options', () => {
  const wrong: [options: Record<string, unknown>, message: RegExp][] = [
    [{}, /apiToken: expected a non-empty string, here or in SUCCESSEVE_API_TOKEN, got undefined/],
    [{ apiToken: '' }, /apiToken: .* got an empty string/],
    [{ apiToken: 42 }, /apiToken: .* got 42/],
    [{ apiToken: 'abc\n' }, /apiToken: .* white space/],
    [{ apiToken: 'a:b' }, /apiToken: expected no colon/],
    [{ apiToken, apiUrl: '/v1' }, /apiUrl: expected an absolute URL/],
    [{ apiToken, apiUrl: 'api.successeve.com' }, /without a scheme: write https:\/\/ in front$/],
    [{ apiToken, apiUrl: 'api.successeve.com:443' }, /without a scheme: write https:\/\/ in front$/],
    [{ apiToken, apiUrl: 'localhost:4319' }, /without a scheme: write http:\/\/ in front$/],
    [{ apiToken, apiUrl: '127.0.0.1:4319' }, /without a scheme: write http:\/\/ in front$/],
    [{ apiToken, apiUrl: 'http://api.successeve.com' }, /apiUrl: expected https:, or http: to loopback/],
    [{ apiToken, apiUrl: 'http://127.0.0.1.evil.example' }, /apiUrl: expected https:/],
    [{ apiToken, apiUrl: 'ftp://127.0.0.1' }, /apiUrl: expected https:/],
    [{ apiToken, apiUrl: 'https://user:pass@example.com' }, /apiUrl: expected no user/],
    [{ apiToken, apiUrl: 'https://example.com/?a=b' }, /apiUrl: expected no user, query/],
    [{ apiToken, auth: 'bearer' }, /auth: expected "basic" or "query"/],
    [{ apiToken, batch: 'yes' }, /batch: expected true, false or/],
    [{ apiToken, batch: { maxEvents: 101 } }, /batch\.maxEvents: expected an integer from 1 to 100, got 101/],
    [{ apiToken, batch: { maxEvents: 0 } }, /batch\.maxEvents/],
    [{ apiToken, batch: { maxWaitMs: -1 } }, /batch\.maxWaitMs/],
    [{ apiToken, timeoutMs: 0 }, /timeoutMs: expected a number of milliseconds from 1/],
    [{ apiToken, timeoutMs: '10s' }, /timeoutMs/],
    [{ apiToken, retry: { minDelayMs: 0 } }, /retry\.minDelayMs/],
    [{ apiToken, retry: { minDelayMs: 10, maxDelayMs: 5 } }, /retry\.maxDelayMs: .* from 10/],
    [{ apiToken, createdAt: 'always' }, /createdAt: expected "late" or true or false/],
    [{ apiToken, enabled: 'false' }, /enabled: expected true or false/],
    [{ apiToken, strict: 1 }, /strict/],
    [{ apiToken, onDrop: 'log' }, /onDrop: expected a function/],
    [{ apiToken, beforeSend: {} }, /beforeSend: expected a function/],
    [{ apiToken, retry: 3 }, /retry: expected \{ minDelayMs, maxDelayMs \}, got 3/],
    [{ apiToken, queue: {} }, /queue: expected an object with the methods push, lease, .*, got Object/],
    [{ apiToken, queue: 'memory' }, /queue: .* got a string/],
    [{ transport: {} }, /transport: expected an object with the methods send, got Object/],
    [{ apiToken, logger: { log() {} } }, /logger: expected an object with the methods debug, warn, error/],
    [{ apiToken, agent: 5 }, /agent: expected an http\(s\)\.Agent, got 5/],
  ];

  it.each([
    [
      'https://api.successeve.com',
      new HttpAgent(),
      /^agent: expected one for https:, as apiUrl is, got one for http:$/,
    ],
    [
      'http://127.0.0.1:4319',
      new HttpsAgent(),
      /^agent: expected one for http:, as apiUrl is, got one for https:$/,
    ],
  ])('with an agent for another protocol than that of %s throw at creation', (apiUrl, agent, message) => {
    expect(() => createTracker({ apiToken, apiUrl, agent })).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringMatching(message) }),
    );
  });

  it.each([null, 'a-token', 42])('that are %j throw at creation', (options) => {
    expect(() => createTracker(options as never)).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringMatching(/^options: expected an object such as \{ apiToken \}, got /),
      }),
    );
  });

  it('that there are not are warned of, and which there are', () => {
    const logger = { debug() {}, warn: vi.fn(), error() {} };
    createTracker({ apiToken, logger, flushOnExit: false, apitoken: 'x' } as TrackerOptions);
    expect(logger.warn.mock.calls).toEqual([
      [expect.stringMatching(/^\[successeve\] unknown option "apitoken"; known options: apiToken, apiUrl, /)],
    ]);
  });

  it.each(wrong)('%j throw at creation', (options, message) => {
    vi.stubEnv('SUCCESSEVE_API_TOKEN', undefined);
    expect(() => createTracker(options as TrackerOptions)).toThrow(
      expect.objectContaining({
        name: 'TrackingError',
        code: 'invalid_options',
        message: expect.stringMatching(message),
      }),
    );
  });

  it.each([{ maxEvents: 0 }, { maxBytes: 1.5 }])('%j of the memory queue throw', (options) => {
    expect(() => memoryQueue(options)).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  });

  it.each(['http://localhost:1', 'http://127.8.9.1', 'http://[::1]:80', 'https://example.com/prefix/'])(
    'take %s for the API',
    (apiUrl) => {
      expect(() => createTracker({ apiToken, apiUrl, flushOnExit: false })).not.toThrow();
    },
  );

  it('come from the environment where they are not given', () => {
    vi.stubEnv('SUCCESSEVE_API_TOKEN', 'from-the-environment');
    vi.stubEnv('SUCCESSEVE_API_URL', 'http://evil.example');
    expect(() => createTracker({ flushOnExit: false })).toThrow(/apiUrl/);
    vi.stubEnv('SUCCESSEVE_API_URL', '');
    expect(() => createTracker({ flushOnExit: false })).not.toThrow();
  });

  it('need no token with a transport of your own, or when tracking is off', () => {
    vi.stubEnv('SUCCESSEVE_API_TOKEN', undefined);
    expect(() => createTracker({ transport: stubTransport().transport, flushOnExit: false })).not.toThrow();
    expect(() => createTracker({ enabled: false })).not.toThrow();
  });

  it('never show the token in an error, an inspection or JSON', () => {
    const secret = 'tok-5ecret';
    const tracker = createTracker({ apiToken: secret, flushOnExit: false });
    const shown = inspect(tracker, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(tracker);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(`${secret}:`).toString('base64'));
    for (const options of [{ apiToken: `${secret}:` }, { apiToken: `${secret}\n` }]) {
      expect(() => createTracker(options)).toThrow(expect.not.stringContaining(secret));
    }
  });
});
