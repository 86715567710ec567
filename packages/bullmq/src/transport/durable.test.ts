import { expect, it } from 'vitest';
import { startProxy } from '../../test/redis-proxy.ts';
import { hasWaitaof } from '../../test/redis-server.ts';
import { setStage, soon } from '../../test/stage.ts';
import { bullmqTransport } from './bullmq-transport.js';

const stage = setStage();

/** A tracker whose hand-overs wait for the disk of Redis. */
function durableTracker(url: string, errors: string[] = []): ReturnType<typeof stage.tracker> {
  return stage.tracker({
    transport: bullmqTransport({ connection: url, queueName: stage.queueName, durable: true }),
    onError: ({ message }) => errors.push(message),
  });
}

it.runIf(hasWaitaof)('a durable hand-over is delivered when Redis has written it to its disk', async () => {
  const client = stage.client();
  await client.config('RESETSTAT');
  const tracker = durableTracker(stage.redis.url);
  for (let n = 0; n < 1_000; n++) tracker.event('tested', { contactUid: n });
  expect(await tracker.flush()).toEqual({ delivered: 1_000, pending: 0 });
  expect(await client.info('commandstats')).toMatch(/cmdstat_waitaof:calls=[1-9]/);
  await stage.redis.stop('SIGKILL');
  await stage.redis.start();
  const jobs = await stage.queue().getWaiting();
  expect(jobs.flatMap(({ data }) => data.events)).toHaveLength(1_000);
});

it('a durable hand-over waits for the disk, and many at once wait together', async () => {
  const proxy = await startProxy(stage.redis.port);
  proxy.waitaof(1);
  const tracker = durableTracker(proxy.url);
  for (let n = 0; n < 3_000; n++) tracker.event('tested', { contactUid: n });
  expect(await tracker.flush()).toEqual({ delivered: 3_000, pending: 0 });
  const jobs = await stage.queue().getWaiting();
  expect(jobs.flatMap(({ data }) => data.events)).toHaveLength(3_000);
  expect(proxy.waitaofs).toBeGreaterThan(1);
  expect(proxy.waitaofs).toBeLessThan(jobs.length);
  await proxy.close();
});

it('events stay in the tracker while the disk does not keep up, and are handed over once', async () => {
  const proxy = await startProxy(stage.redis.port);
  const errors: string[] = [];
  proxy.waitaof(1);
  const tracker = durableTracker(proxy.url, errors);
  tracker.event('tested', { contactUid: 'first' });
  await tracker.flush();
  proxy.waitaof(0);
  for (let n = 0; n < 150; n++) tracker.event('tested', { contactUid: n });
  await soon(() => expect(errors).toEqual(['Redis takes no events: its disk took longer than 4500 ms']));
  expect((await tracker.flush({ timeoutMs: 200 })).pending).toBe(150);
  // Another connection has written nothing yet, and so would have nothing to wait for.
  proxy.cut();
  proxy.waitaof(1);
  expect((await tracker.flush()).pending).toBe(0);
  const jobs = await stage.queue().getWaiting();
  expect(jobs.flatMap(({ data }) => data.events)).toHaveLength(151);
  await proxy.close();
});

it.skipIf(hasWaitaof)(
  'a Redis before 7.2 is named as what durable needs, and keeps no event from it',
  async () => {
    const errors: string[] = [];
    const tracker = durableTracker(stage.redis.url, errors);
    tracker.event('tested', { contactUid: 1 });
    const expected =
      'Redis takes no events: durable: expected Redis 7.2 or later, which has WAITAOF, got an older one';
    await soon(() => expect(errors).toEqual([expected]));
    expect((await tracker.flush({ timeoutMs: 200 })).pending).toBe(1);
  },
);

it.runIf(hasWaitaof)('a Redis without append-only file is named as what durable cannot use', async () => {
  await stage.configure('appendonly', 'no');
  const errors: string[] = [];
  durableTracker(stage.redis.url, errors).event('tested', { contactUid: 1 });
  await soon(() =>
    expect(errors).toEqual(['Redis takes no events: durable: expected appendonly yes, got no']),
  );
});

it('durable is true or false', () => {
  expect(() => bullmqTransport({ connection: stage.redis.url, durable: 'yes' as never })).toThrow(
    'durable: expected true or false, got a string of 3 characters',
  );
});
