import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TrackingError } from '@successeve/core';
import type { QueuedEvent } from '@successeve/core/queue';
import { describe, expect, it } from 'vitest';
import { node } from '../../test/node.ts';
import { startProxy } from '../../test/redis-proxy.ts';
import { setStage, soon } from '../../test/stage.ts';
import { bullmqTransport } from './bullmq-transport.js';

const stage = setStage();
const visitUrl = 'https://example.com/';

/** Whose events wait in a queue, in order. */
async function contactsInRedis(suffix = ''): Promise<string[]> {
  const jobs = await stage.queue(suffix).getWaiting();
  return jobs.flatMap(({ data }) => data.events).map(({ body }) => JSON.parse(body).contact_uid);
}

describe('handing over', () => {
  it('makes jobs of up to a hundred events, explicit events and pageviews apart', async () => {
    const tracker = stage.tracker();
    for (let n = 0; n < 250; n++) tracker.event('tested', { contactUid: n });
    for (let n = 0; n < 30; n++) tracker.pageview({ contactUid: n, visitUrl });
    expect(await tracker.flush()).toEqual({ delivered: 280, pending: 0 });

    const [events, pageviews] = await Promise.all([
      stage.queue().getWaiting(),
      stage.queue('-pageviews').getWaiting(),
    ]);
    expect(events.map(({ name }) => name)).toEqual(events.map(() => 'event'));
    expect(pageviews.map(({ name }) => name)).toEqual(pageviews.map(() => 'pageview'));
    const contactsOf = (jobs: typeof events): string[] =>
      jobs.flatMap(({ data }) => data.events).map(({ body }) => JSON.parse(body).contact_uid);
    expect(contactsOf(events)).toEqual(Array.from({ length: 250 }, (_, n) => String(n)));
    expect(contactsOf(pageviews)).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
    expect(Math.max(...events.map(({ data }) => data.events.length))).toBe(100);
    expect(events.length).toBeLessThan(10);
  });

  it('prefers a hundred events at once, also with another batch size for the API', async () => {
    const tracker = stage.tracker({ batch: { maxEvents: 2, maxWaitMs: 0 } });
    for (let n = 0; n < 300; n++) tracker.event('tested', { contactUid: n });
    await tracker.flush();
    expect(await stage.queue().getWaitingCount()).toBeLessThan(10);
  });

  it('lets a process end that has nothing else to do, with everything in Redis', async () => {
    const app = fileURLToPath(new URL('../../test/short-app.mjs', import.meta.url));
    const env = { ...process.env, APP_REDIS: stage.redis.url, APP_QUEUE: stage.queueName };
    const child = spawn(node, [app], { env, stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    const jobs = await stage.queue().getWaiting();
    expect(jobs.flatMap(({ data }) => data.events)).toHaveLength(10);
  });

  it.each([
    [undefined, 'undefined'],
    ['localhost:6379', 'a string of 14 characters'],
    ['https://example.com', 'a string of 19 characters'],
    ['redis://user:secret@host:port', 'a string of 29 characters'],
    [6379, '6379'],
  ])('rejects %s as a connection, without repeating it', (connection, got) => {
    expect(() => bullmqTransport({ connection: connection as string })).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: `connection: expected a redis: or rediss: URL, options of ioredis or a client of it, got ${got}`,
      }),
    );
  });

  it('rejects names that BullMQ would not accept', () => {
    expect(() => bullmqTransport({ connection: stage.redis.url, queueName: 'a:b' })).toThrow(
      'queueName: expected a name without a colon, got a:b',
    );
  });

  it('takes options and a client of ioredis too, and leaves that client alone', async () => {
    const client = stage.client();
    const { port } = stage.redis;
    for (const connection of [{ port, host: '127.0.0.1' }, client]) {
      const tracker = stage.tracker({
        transport: bullmqTransport({ connection, queueName: stage.queueName }),
      });
      tracker.event('tested', { contactUid: 1 });
      expect(await tracker.close()).toEqual({ delivered: 1, pending: 0 });
    }
    expect(await client.ping()).toBe('PONG');
  });
});

describe('while Redis is down', () => {
  it('the tracker keeps its events, reports that once, and hands them over when Redis is back', async () => {
    const errors: TrackingError[] = [];
    const tracker = stage.tracker({ onError: (error) => errors.push(error) });
    tracker.event('tested', { contactUid: 'before' });
    await tracker.flush();
    await stage.redis.stop();
    for (let n = 0; n < 500; n++) tracker.event('tested', { contactUid: n });
    expect((await tracker.flush({ timeoutMs: 500 })).pending).toBe(500);
    expect(errors.map(({ code }) => code)).toEqual(['unavailable']);
    expect(errors[0]?.message).toMatch(/^Redis takes no events: /);

    await stage.redis.start();
    expect((await tracker.flush({ timeoutMs: 10_000 })).pending).toBe(0);
    expect((await contactsInRedis()).sort()).toEqual(
      ['before', ...Array.from({ length: 500 }, (_, n) => String(n))].sort(),
    );
  });

  it('no event counts as its cause, and none is given up', async () => {
    await stage.redis.stop();
    const transport = bullmqTransport({ connection: stage.redis.url });
    const event: QueuedEvent = { id: 1, kind: 'event', body: '{}', bytes: 2, occurredAt: Date.now() };
    const result = await transport.send([event], { isBatch: true });
    expect(result).toMatchObject({ status: 'unavailable', areInnocent: true });
    await stage.redis.start();
  });

  it('for moments, again and again: nothing is lost or made twice', async () => {
    const proxy = await startProxy(stage.redis.port);
    const dropped: unknown[] = [];
    const tracker = stage.tracker({
      url: proxy.url,
      retry: { minDelayMs: 1, maxDelayMs: 1 },
      onDrop: (_, reason) => dropped.push(reason),
    });
    const cutting = setInterval(() => proxy.cut(), 15);
    for (let n = 0; n < 3000; n++) {
      tracker.event('tested', { contactUid: n });
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    clearInterval(cutting);
    expect((await tracker.flush()).pending).toBe(0);
    expect(dropped).toEqual([]);
    expect((await contactsInRedis()).sort()).toEqual(
      Array.from({ length: 3000 }, (_, n) => String(n)).sort(),
    );
    await proxy.close();
  });
});

describe('a hand-over whose reply is lost', () => {
  it('is not made a second time, not even after a relay has delivered it', async () => {
    const api = await stage.startApi();
    const proxy = await startProxy(stage.redis.port);
    const tracker = stage.tracker({ url: proxy.url });
    tracker.event('tested', { contactUid: 'first' });
    await tracker.flush();

    proxy.swallowAnswers(true);
    for (let n = 0; n < 150; n++) tracker.event('tested', { contactUid: n });
    await soon(async () => expect(await stage.queue().getWaitingCount()).toBeGreaterThan(1));
    stage.relay(api, { batch: { maxWaitMs: 10 } });
    await soon(() => expect(api.events.length).toBeGreaterThan(1));
    proxy.cut();
    proxy.swallowAnswers(false);

    expect((await tracker.flush()).pending).toBe(0);
    await api.waitForEvents(151);
    await soon(async () => expect(await stage.queue().getActiveCount()).toBe(0));
    const contacts = api.events.map(({ contact_uid }) => contact_uid);
    expect(contacts.sort()).toEqual(['first', ...Array.from({ length: 150 }, (_, n) => String(n))].sort());
    await proxy.close();
  });

  it('is remembered for an hour', async () => {
    const api = await stage.startApi();
    await stage.handOver(1);
    stage.relay(api);
    await api.waitForEvents(1);
    await soon(async () => expect(await stage.queue().getActiveCount()).toBe(0));
    const client = stage.client();
    const [key = '', ...others] = await client.keys(`bull:${stage.queueName}:de:*`);
    expect(others).toEqual([]);
    expect(await client.pttl(key)).toBeGreaterThan(59 * 60_000);
  });
});
