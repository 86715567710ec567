import { startFakeApi } from '@successeve/testing';
import { afterEach, expect, it } from 'vitest';
import { runCommand } from '../../test/command.js';
import { token } from '../../test/dev.js';

type Run = Awaited<ReturnType<typeof runCommand>>;

const outputs: string[] = [];

afterEach(() => {
  // The token is never shown on a screen or in a log.
  expect(outputs.splice(0).join('\n')).not.toContain(token);
});

async function ping(env: Record<string, string>, args: readonly string[] = [], input?: string): Promise<Run> {
  const run = await runCommand(['ping', ...args], { env, ...(input !== undefined && { input }) });
  outputs.push(run.out, run.err);
  return run;
}

it('reports that the token is right, and how much budget is left', async () => {
  await using api = await startFakeApi({ token, rateLimit: { limit: 900, windowMs: 300_000 } });
  const { code, out } = await ping({ SUCCESSEVE_API_TOKEN: token, SUCCESSEVE_API_URL: api.url });
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(
      `^The token is right\\.\n  API     ${api.url}\n  Budget  899 of 900 requests left, resets in (299|300|301) s\n$`,
    ),
  );
  expect(api.requests).toMatchObject([{ path: '/v1/ping', status: 200 }]);
});

it('reads the token from the standard input, without the line break behind it', async () => {
  await using api = await startFakeApi({ token });
  const args = ['--token-stdin', '--api-url', api.url];
  const { code, out } = await ping({}, args, `${token}\n`);
  expect(code).toBe(0);
  expect(out).toContain('Budget  not reported (documented: 900 requests in 300 s)');
});

it('reports that the budget is spent', async () => {
  await using api = await startFakeApi({ token, rateLimit: { limit: 1, windowMs: 60_000 } });
  const env = { SUCCESSEVE_API_TOKEN: token, SUCCESSEVE_API_URL: api.url };
  await ping(env);
  const { code, out } = await ping(env);
  expect(code).toBe(0);
  expect(out).toContain('The token is right, but its budget is spent.');
  expect(out).toContain('0 of 1 requests left, resets in');
});

it.each([
  [401, 'The API does not accept the token: it answered 401.', 'Copy the token again'],
  [400, 'The API does not accept the token: it answered 400.', 'Is SUCCESSEVE_API_TOKEN complete?'],
  [404, 'The API does not accept the token: it answered 404.', 'The API is not at this URL'],
  [302, 'The API does not accept the token: it answered 302.', 'Check SUCCESSEVE_API_URL'],
  [503, 'The token could not be checked: the API answered 503.', 'The API is down for maintenance'],
  [500, 'The token could not be checked: the API answered 500.', 'Try again'],
])('advises what to do after %i', async (status, verdict, advice) => {
  const reply = { status, body: `who is ${token}?` };
  await using api = await startFakeApi({ token, replies: [reply] });
  const { code, out, err } = await ping({ SUCCESSEVE_API_TOKEN: token, SUCCESSEVE_API_URL: api.url });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`${verdict}\n  API     ${api.url}\n`);
  expect(err).toContain('  Answer  who is ***?\n');
  expect(err).toContain(`  Advice  ${advice}`);
});

it('reports that nothing listens there', async () => {
  const api = await startFakeApi();
  await api.close();
  const { code, err } = await ping({ SUCCESSEVE_API_TOKEN: token, SUCCESSEVE_API_URL: api.url });
  expect(code).toBe(1);
  expect(err).toContain('no answer from the API: ECONNREFUSED');
  expect(err).toContain('Nothing is listening there.');
});

it('needs a token, and no other place for it than the environment and the standard input', async () => {
  expect(await ping({})).toMatchObject({
    code: 2,
    err: 'error: expected an API token, got none: set SUCCESSEVE_API_TOKEN, or use --token-stdin\nTry successeve ping --help.\n',
  });
  expect((await ping({}, ['--token-stdin'], '\n')).code).toBe(2);
  for (const args of [[`--token=${token}`], ['--token', token], [`--api-token=${token}`]]) {
    const { code, err } = await ping({}, args);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^error: the token is not an option, .*: set SUCCESSEVE_API_TOKEN, or use --token-stdin\n/,
    );
  }
  expect((await ping({}, [`--tokn=${token}`])).err).toContain("error: unknown option '--tokn'\n");
});

it.each([
  ['http://api.example.com', '--api-url or SUCCESSEVE_API_URL: expected https:, or http: to loopback'],
  ['not a URL', '--api-url or SUCCESSEVE_API_URL: expected an absolute URL'],
])('sends no token to %s', async (apiUrl, message) => {
  const { code, err } = await ping({ SUCCESSEVE_API_TOKEN: token }, ['--api-url', apiUrl]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

it('calls what is wrong with the token by the name of the variable', async () => {
  expect((await ping({ SUCCESSEVE_API_TOKEN: 'a:b' })).err).toContain(
    'error: SUCCESSEVE_API_TOKEN: expected no colon, got one\n',
  );
});

it('has the colours of the stream that it writes to', async () => {
  const api = await startFakeApi();
  await api.close();
  const { err } = await ping({ SUCCESSEVE_API_TOKEN: token, SUCCESSEVE_API_URL: api.url, FORCE_COLOR: '1' });
  expect(err).toContain('\u001b[31m');
});
