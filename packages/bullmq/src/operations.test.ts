import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type RelayProcess, startRelayProcess } from '../test/relay-process.ts';
import { setStage, soon } from '../test/stage.ts';

const stage = setStage();
const visitUrl = 'https://example.com/';

describe('/healthz and /metrics', () => {
  it('report on loopback whether a relay is healthy, and what it has done', async () => {
    const api = await stage.startApi();
    const tracker = stage.tracker();
    for (let n = 0; n < 12; n++) tracker.event('tested', { contactUid: n });
    tracker.pageview({ contactUid: 'jane.doe@example.com', visitUrl });
    await tracker.flush();
    const relay = stage.relay(api);
    const url = await relay.listen({ port: 0 });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await api.waitForEvents(13);

    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { isHealthy: true, problems: [] }]);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await metrics.text();
    expect(text).toContain('successeve_relay_events_total{kind="event",outcome="delivered"} 12');
    expect(text).toContain('successeve_relay_events_total{kind="pageview",outcome="delivered"} 1');
    expect(text).toContain('successeve_relay_requests_total{result="delivered"} 13');
    expect(text).toContain('successeve_queue_jobs{kind="event",state="waiting"} 0');
    expect(text).toContain('successeve_api_up 1');
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).not.toContain('jane.doe');
    expect(text).not.toContain(visitUrl);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('report the budget, and how long the first job has been waiting', async () => {
    const api = await stage.startApi({ rateLimit: { limit: 5, windowMs: 60_000 } });
    await stage.handOver(300);
    const relay = stage.relay(api);
    await api.waitForEvents(5);
    await soon(async () => {
      const text = await relay.metrics();
      expect(text).toContain('successeve_budget_limit 5');
      expect(text).toContain('successeve_budget_remaining 0');
      expect(text).toMatch(/successeve_budget_reset_seconds (5\d|60)(\.\d+)?\n/);
      expect(text).toMatch(/successeve_relay_paused_seconds [1-9]/);
      expect(text).toMatch(/successeve_queue_jobs\{kind="event",state="waiting"\} [1-9]/);
      expect(text).toMatch(/successeve_queue_oldest_seconds\{kind="event"\} 0?\.?\d*[1-9]/);
    });
  });

  it('answer 503 with what is wrong', async () => {
    const api = await stage.startApi({ replies: () => 401 });
    await stage.handOver(1);
    const url = await stage.relay(api).listen({ port: 0 });
    await soon(async () => {
      const health = await fetch(`${url}/healthz`);
      const problems = ['the API answered 401: check apiToken'];
      expect([health.status, await health.json()]).toEqual([503, { isHealthy: false, problems }]);
    });
  });
});

describe('what a relay requires of Redis', () => {
  it('is checked, and a wrong setting is a warning', async () => {
    await stage.configure('maxmemory-policy', 'allkeys-lru');
    await stage.configure('appendonly', 'no');
    const api = await stage.startApi();
    stage.relay(api);
    await soon(() => expect(stage.problems).toHaveLength(2));
    expect(stage.problems).toEqual([
      [
        'warn',
        'maxmemory-policy: expected noeviction, got allkeys-lru: Redis evicts waiting events when its memory is full',
      ],
      [
        'warn',
        'appendonly: expected yes, got no: a crash or restart of Redis loses all events since its last snapshot',
      ],
    ]);
  });

  it('includes how long its disk may lag behind: every second is reported, longer is a warning', async () => {
    const api = await stage.startApi();
    const first = stage.relay(api);
    const remedy = 'durable: true in bullmqTransport, or appendfsync always, waits for the disk';
    await soon(() =>
      expect(stage.log).toEqual([
        [
          'debug',
          `appendfsync is everysec: a crash may lose the last one or two seconds of events; ${remedy}`,
        ],
      ]),
    );
    await first.close();
    await stage.configure('appendfsync', 'no');
    const second = stage.relay(api);
    await soon(() =>
      expect(stage.problems).toEqual([
        [
          'warn',
          `appendfsync: expected everysec or always, got no: a crash of its machine loses all events that its kernel had not written, often 30 s; ${remedy}`,
        ],
      ]),
    );
    await second.close();
    await stage.configure('appendfsync', 'always');
    const quiet = stage.relay(api);
    await soon(() => expect(quiet.health().isHealthy).toBe(true));
    await quiet.metrics();
    expect(stage.log).toHaveLength(2);
  });

  it('includes room: applications keep their events before it is full', async () => {
    const api = await stage.startApi();
    const client = stage.client();
    await client.setrange('ballast', 60_000_000, 'x');
    const used = Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
    await stage.configure('maxmemory', String(Math.round(used / 0.85)));
    const errors: string[] = [];
    const tracker = stage.tracker({ onError: ({ message }) => errors.push(message) });
    const params = { filler: 'x'.repeat(2_000) };
    let n = 0;
    while (errors.length === 0 && n < 20_000) {
      for (let i = 0; i < 20; i++) tracker.event('tested', { contactUid: n++, params });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(errors[0]).toMatch(/^Redis takes no events: its memory is 9\d % full$/);
    stage.relay(api, { batch: { maxWaitMs: 10 } });
    expect((await tracker.flush({ timeoutMs: 40_000 })).pending).toBe(0);
    await api.waitForEvents(n);
    expect(new Set(api.events.map(({ contact_uid }) => contact_uid)).size).toBe(n);
    await client.del('ballast');
  });

  it('is not needed for what relays hold: a full Redis does not keep it from leaving', async () => {
    const api = await stage.startApi({ rateLimit: { limit: 40, windowMs: 1_000 } });
    await stage.handOver(100);
    const relay = stage.relay(api);
    await api.waitForEvents(40);
    await stage.configure('maxmemory', '1000');
    await api.waitForEvents(100);
    await soon(async () => expect(await stage.queue().getActiveCount()).toBe(0));
    await soon(() => expect(relay.health().problems[0]).toMatch(/^the queue: OOM command not allowed/));
    await stage.configure('maxmemory', '0');
    await soon(() => expect(relay.health().isHealthy).toBe(true));
  });
});

describe('successeve-relay', () => {
  const run = (env: Record<string, string>, args: string[] = []): RelayProcess =>
    startRelayProcess(env, args);
  const environment = (api: { url: string; token: string }): Record<string, string> => ({
    SUCCESSEVE_API_URL: api.url,
    SUCCESSEVE_API_TOKEN: api.token,
    REDIS_URL: stage.redis.url,
  });

  it('relays until a signal, and then finishes the requests under way', async () => {
    const api = await stage.startApi({ replies: () => ({ delayMs: 200 }) });
    await stage.handOver(50);
    const relay = run(environment(api), ['--queue', stage.queueName]);
    const health = await relay.started;
    await soon(async () => expect((await fetch(health)).status).toBe(200));
    await api.waitForRequests(4);
    relay.child.kill('SIGTERM');
    expect(await relay.end).toEqual({ code: 0, signal: null });
    expect(api.events.length).toBe(api.requests.length);
    expect(relay.noise).toEqual([]);
    const messages = relay.entries.map(({ message }) => message);
    expect(messages.filter((message) => /^the relay /.test(String(message)))).toEqual([
      'the relay has started',
      'the relay stops',
      'the relay has stopped',
    ]);
    expect(relay.entries.at(-1)).toMatchObject({
      level: 'info',
      delivered: { event: api.events.length, pageview: 0 },
    });
    expect(relay.entries[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(await stage.queue().getActiveCount()).toBe(0);
  });

  it('continues after its output was closed', async () => {
    const api = await stage.startApi();
    const relay = run(environment(api), ['--queue', stage.queueName]);
    await relay.started;
    relay.child.stdout?.destroy();
    relay.child.stderr?.destroy();
    const tracker = stage.tracker();
    // A rejection is worth a line in the log.
    api.reply([422]);
    tracker.event('tested', { contactUid: 1 });
    await stage.failed(1);
    tracker.event('tested', { contactUid: 2 });
    await api.waitForEvents(1);
    relay.child.kill('SIGTERM');
    expect(await relay.end).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['--help', 0],
    ['--wat', 2],
  ])('ends %s with exit code %d after its output was closed', async (arg, code) => {
    const relay = run({}, [arg]);
    relay.child.stdout?.destroy();
    relay.child.stderr?.destroy();
    expect(await relay.end).toEqual({ code, signal: null });
  });

  it('ends at once at a second signal', async () => {
    const api = await stage.startApi({
      replies: ({ events }) => (events[0]?.contact_uid === '0' ? 200 : 'hang'),
    });
    await stage.handOver(2);
    const relay = run(environment(api), ['--queue', stage.queueName, '--lease-ms', '1000']);
    await relay.started;
    await api.waitForRequests(2);
    relay.child.kill('SIGINT');
    await soon(() => expect(relay.entries.at(-1)?.message).toBe('the relay stops'));
    relay.child.kill('SIGINT');
    expect(await relay.end).toEqual({ code: null, signal: 'SIGINT' });
    api.reply([]);
    const next = stage.relay(api, { leaseMs: 1_000 });
    await api.waitForEvents(2);
    expect(next.stats().takenOver).toBe(1);
  });

  it.each([
    [['--wat'], 2, "unknown option '--wat'"],
    [['--port', 'high'], 2, '--port: expected a number up to 65535, got high'],
    [['--redis', 'localhost'], 2, 'connection: expected a redis: or rediss: URL'],
    [['--api-url', 'http://example.com'], 2, 'apiUrl: expected https:, or http: to loopback'],
  ])('reports what is wrong with %j', async (args, code, message) => {
    const relay = run({ SUCCESSEVE_API_TOKEN: 'token' }, args);
    expect(await relay.end).toEqual({ code, signal: null });
    expect(relay.noise[0]).toContain(`error: ${message}`);
    expect(relay.noise.at(-1)).toBe('Try successeve-relay --help.');
  });

  it('reports a missing token', async () => {
    const relay = run({ SUCCESSEVE_API_TOKEN: '' });
    expect(await relay.end).toEqual({ code: 2, signal: null });
    expect(relay.noise[0]).toBe(
      'error: apiToken: expected a non-empty string, here or in SUCCESSEVE_API_TOKEN, got an empty string',
    );
  });

  it('reports a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await soon(() => expect(server.address()).not.toBeNull());
    const { port } = server.address() as { port: number };
    const env = { SUCCESSEVE_API_TOKEN: 'token', REDIS_URL: stage.redis.url };
    const relay = run(env, ['--port', String(port)]);
    expect(await relay.end).toEqual({ code: 1, signal: null });
    expect(relay.noise).toEqual([
      `error: --port: expected a free one, got ${port}, which is in use; 0 is any free one`,
    ]);
    server.close();
  });

  it.each(['successeve-relay@.service', 'compose.yaml'])(
    'takes the options it is given in %s',
    async (file) => {
      const text = readFileSync(new URL(`../deploy/${file}`, import.meta.url), 'utf8');
      const [, args = ''] = /node_modules\/\.bin\/successeve-relay (.*)/.exec(text) ?? [];
      expect(args).toContain('--batch');
      const relay = run({}, [...args.replace('%i', '4').split(' '), '--help']);
      expect(await relay.end).toEqual({ code: 0, signal: null });
    },
  );

  it('explains itself', async () => {
    const relay = run({}, ['--help']);
    expect(await relay.end).toEqual({ code: 0, signal: null });
    expect(relay.noise.join('\n')).toContain('Exit codes: 0 stopped, 1 failure, 2 usage error.');
    expect(Math.max(...relay.noise.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
