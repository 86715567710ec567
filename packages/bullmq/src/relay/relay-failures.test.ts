import type { FakeApi } from '@successeve/testing';
import { describe, expect, it } from 'vitest';
import { type RelayProcess, startRelayProcess } from '../../test/relay-process.ts';
import { contactsOf, numbers, setStage, soon } from '../../test/stage.ts';

const stage = setStage();

describe('without', () => {
  it('the API: nothing is lost, and the relay logs the outage and its end', async () => {
    const api = await stage.startApi({ replies: () => 503 });
    await stage.handOver(50);
    const relay = stage.relay(api);
    await api.waitForRequests(5);
    expect(relay.health()).toEqual({ isHealthy: false, problems: ['the API answered 503'] });
    api.reply([]);
    await api.waitForEvents(50);
    expect(relay.health().isHealthy).toBe(true);
    expect(contactsOf(api.events).sort()).toEqual(numbers(50).sort());
    expect(stage.log.filter(([, message]) => message.startsWith('the API'))).toEqual([
      ['error', 'the API answered 503'],
      ['debug', 'the API is available again'],
    ]);
  });

  it('a valid token: nothing is lost, and the relay logs what to check', async () => {
    const api = await stage.startApi();
    await stage.handOver(1);
    const relay = stage.relay(api, { apiToken: 'wrong' });
    await soon(() => expect(relay.health().problems).toEqual(['the API answered 401: check apiToken']));
    await relay.close();
    expect(stage.problems).toEqual([['error', 'the API answered 401: check apiToken']]);
    stage.relay(api);
    await api.waitForEvents(1);
  });

  it('Redis: the relay sends nothing it cannot account for, and goes on when it is back', async () => {
    const api = await stage.startApi();
    const relay = stage.relay(api);
    await soon(() => expect(relay.health().isHealthy).toBe(true));
    await stage.redis.stop('SIGKILL');
    await soon(() => expect(relay.health().problems).toEqual([expect.stringMatching(/^Redis: /)]));
    expect(await relay.metrics()).toContain('successeve_redis_up 0');
    const tracker = stage.tracker();
    tracker.event('tested', { contactUid: 1 });
    await stage.redis.start();
    await api.waitForEvents(1);
    await soon(() => expect(relay.health().isHealthy).toBe(true));
    expect(await relay.metrics()).toContain('successeve_redis_up 1');
  });

  it('a password for Redis: the relay logs once where to write it, and goes on when it is right', async () => {
    const api = await stage.startApi();
    await stage.configure('requirepass', 'secret');
    const without = stage.relay(api);
    const problem =
      'Redis: it needs a password, and got none: write redis://user:password@host:6379 in REDIS_URL or `connection` (user may be empty)';
    await soon(() => expect(without.health().problems).toEqual([problem]));
    await without.close();
    expect(stage.log).toEqual([['error', problem]]);

    const { port } = stage.redis;
    const wrong = stage.relay(api, { connection: `redis://:wrong@127.0.0.1:${port}` });
    await soon(() =>
      expect(wrong.health().problems[0]).toMatch(/^Redis: it rejected the user or the password/),
    );
    const errors: string[] = [];
    const tracker = stage.tracker({ onError: ({ message }) => errors.push(message) });
    tracker.event('tested', { contactUid: 1 });
    await soon(() => expect(errors).toEqual([problem.replace('Redis:', 'Redis takes no events:')]));

    stage.relay(api, { connection: `redis://:secret@127.0.0.1:${port}` });
    const allowed = stage.tracker({ url: `redis://:secret@127.0.0.1:${port}` });
    allowed.event('tested', { contactUid: 2 });
    await api.waitForEvents(1);
  });

  it('Redis: each of its outages is logged once', async () => {
    const api = await stage.startApi();
    const relay = stage.relay(api);
    await soon(() => expect(relay.health().isHealthy).toBe(true));
    for (let n = 1; n <= 2; n++) {
      await stage.redis.stop('SIGKILL');
      await soon(() => expect(relay.health().isHealthy).toBe(false));
      await stage.redis.start();
      await stage.handOver(1);
      await api.waitForEvents(n);
      await soon(() => expect(relay.health().isHealthy).toBe(true));
    }
    expect(stage.problems).toEqual([
      ['error', expect.stringMatching(/^Redis: /)],
      ['error', expect.stringMatching(/^Redis: /)],
    ]);
  });

  it('Redis from the start: the relay waits for it', async () => {
    const api = await stage.startApi();
    await stage.redis.stop();
    const relay = stage.relay(api);
    const tracker = stage.tracker();
    tracker.event('tested', { contactUid: 1 });
    await soon(() => expect(relay.health().problems[0]).toMatch(/^Redis: connect ECONNREFUSED/));
    await stage.redis.start();
    await api.waitForEvents(1);
  });
});

describe('a relay that closes', () => {
  it('waits for what it is sending, and gives the rest back at once', async () => {
    const api = await stage.startApi({ replies: () => ({ delayMs: 300 }) });
    await stage.handOver(90);
    // A lease so long that waiting for its end would fail the test.
    const first = stage.relay(api, { leaseMs: 300_000 });
    await api.waitForRequests(3);
    const closing = first.close();
    expect(first.health()).toEqual({ isHealthy: false, problems: ['the relay is closing'] });
    await closing;
    const sent = api.requests.length;
    expect(api.events).toHaveLength(sent);
    expect(sent).toBeLessThan(90);
    expect(await first.close()).toBeUndefined();

    api.reply([]);
    const second = stage.relay(api, { leaseMs: 300_000 });
    await api.waitForEvents(90);
    expect(contactsOf(api.events).sort()).toEqual(numbers(90).sort());
    expect(second.stats().takenOver).toBe(0);
  });

  it('ends in time while neither Redis nor the API responds', async () => {
    const api = await stage.startApi({ replies: () => 'hang' });
    await stage.handOver(1);
    const relay = stage.relay(api);
    await api.waitForRequests(1);
    await stage.redis.stop();
    const from = Date.now();
    await relay.close({ timeoutMs: 200 });
    expect(Date.now() - from).toBeLessThan(15_000);
    await stage.redis.start();
  });
});

describe('a relay that dies', () => {
  /** A relay in a process of its own, which has sent most of its first job of 100 events and must wait for the budget now. */
  async function startHalfWay({ events = 100, sent = 80 } = {}): Promise<{
    api: FakeApi;
    relay: RelayProcess;
  }> {
    const api = await stage.startApi({ rateLimit: { limit: sent, windowMs: 6_000 } });
    await stage.handOver(events);
    const jobs = Math.ceil(events / 100);
    expect(await stage.queue().getWaitingCount()).toBe(jobs);
    const env = { SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url, REDIS_URL: stage.redis.url };
    const relay = startRelayProcess(env, ['--queue', stage.queueName, '--lease-ms', '1000']);
    await api.waitForEvents(sent);
    const open = Array.from({ length: 100 - sent }, (_, n) => n + sent);
    await soon(async () => {
      const active = await stage.queue().getActive();
      expect(active).toHaveLength(jobs);
      expect(active.map(({ progress }) => progress)).toContainEqual({ open });
    });
    return { api, relay };
  }

  it('half way through a job leaves the rest of it, and no more, to the others', async () => {
    const { api, relay } = await startHalfWay();
    relay.child.kill('SIGKILL');
    const other = stage.relay(api, { leaseMs: 1_000 });
    await api.waitForEvents(100);
    await soon(async () => expect(await stage.keysLeft()).toEqual([]));
    expect(contactsOf(api.events).sort()).toEqual(numbers(100).sort());
    expect(other.stats().takenOver).toBe(20);
    await soon(() =>
      expect(stage.log).toContainEqual(['warn', 'took over 20 events from a relay that died']),
    );
  });

  it('only in appearance, since it was frozen, gives up what was taken over', async () => {
    const { api, relay } = await startHalfWay();
    relay.child.kill('SIGSTOP');
    const other = stage.relay(api, { leaseMs: 1_000 });
    await soon(() => expect(other.stats().takenOver).toBe(20));
    relay.child.kill('SIGCONT');
    await api.waitForEvents(100);
    await soon(async () => expect(await stage.keysLeft()).toEqual([]));
    relay.child.kill('SIGTERM');
    await relay.end;
    expect(relay.entries.at(-1)).toMatchObject({
      message: 'the relay has stopped',
      delivered: { event: 80 },
    });
    expect(contactsOf(api.events).sort()).toEqual(numbers(100).sort());
  });

  it('only in appearance takes jobs again, though it held all that it wanted', async () => {
    const { api, relay } = await startHalfWay({ events: 170, sent: 90 });
    relay.child.kill('SIGSTOP');
    const other = stage.relay(api, { leaseMs: 1_000 });
    await soon(() => expect(other.stats().takenOver).toBe(80));
    relay.child.kill('SIGCONT');
    await other.close();
    await stage.handOver(5);
    await api.waitForEvents(175);
    await soon(async () => expect(await stage.keysLeft()).toEqual([]));
    relay.child.kill('SIGTERM');
    await relay.end;
    expect(relay.entries.at(-1)).toMatchObject({
      message: 'the relay has stopped',
      delivered: { event: 175 - other.stats().delivered.event },
    });
    expect(contactsOf(api.events).sort()).toEqual([...numbers(170), ...numbers(5)].sort());
  });

  it('is not taken for one that waits for a slow API, however long', async () => {
    const api = await stage.startApi({ replies: () => ({ delayMs: 4_000 }) });
    await stage.handOver(5);
    const relay = stage.relay(api, { leaseMs: 1_000 });
    await api.waitForRequests(1);
    const other = stage.relay(api, { leaseMs: 1_000 });
    await api.waitForEvents(1);
    expect([relay, other].map((each) => each.stats().takenOver)).toEqual([0, 0]);
    api.reply([]);
    await api.waitForEvents(5);
    expect(contactsOf(api.events).sort()).toEqual(numbers(5));
  });
});
