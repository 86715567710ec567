import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisProxy, startProxy } from '../test/redis-proxy.ts';
import { type RedisServer, startRedis } from '../test/redis-server.ts';
import { setStage, soon } from '../test/stage.ts';
import type { BullmqOptions } from './options.js';
import { isNotPrimary } from './redis/open-redis.js';
import { bullmqTransport } from './transport/bullmq-transport.js';

const stage = setStage();

/** The name by which applications and relays know Redis. It leads to the primary. */
let name: RedisProxy;
let other: RedisServer;
let primary: Redis;
let replica: Redis;

beforeAll(async () => {
  other = await startRedis();
  name = await startProxy(stage.redis.port);
  primary = new Redis(stage.redis.url);
  replica = new Redis(other.url);
});
afterAll(async () => {
  await name.close();
  primary.disconnect();
  replica.disconnect();
  await other.remove();
});

const portOf = ({ options }: Redis): number => options.port as number;

/** The replica takes over. Who is connected to the other stays connected, and the name leads there for a while. */
async function failOver(): Promise<void> {
  await primary.wait(1, 0);
  await replica.replicaof('NO', 'ONE');
  await primary.replicaof('127.0.0.1', portOf(replica));
  [primary, replica] = [replica, primary];
}

describe('a failover that leaves old connections open', () => {
  beforeEach(async () => {
    await replica.replicaof('127.0.0.1', portOf(primary));
    await soon(async () => expect(await replica.info('replication')).toContain('master_link_status:up'));
  });

  const connections: [string, () => BullmqOptions['connection']][] = [
    ['a URL', () => name.url],
    ['options', () => ({ port: Number(new URL(name.url).port) })],
    ['a client', () => new Redis(name.url, { lazyConnect: true })],
  ];

  it.each(connections)('is followed by applications and relays that were given %s', async (_, connect) => {
    const connection = connect();
    const api = await stage.startApi();
    const errors: string[] = [];
    const tracker = stage.tracker({
      transport: bullmqTransport({ connection, queueName: stage.queueName }),
      onError: ({ message }) => errors.push(message),
    });
    const relay = stage.relay(api, { connection });
    for (let n = 0; n < 50; n++) tracker.event('tested', { contactUid: `before${n}` });
    await api.waitForEvents(50);

    await failOver();
    for (let n = 0; n < 50; n++) tracker.event('tested', { contactUid: `after${n}` });
    await soon(() => expect(errors).toEqual([expect.stringMatching(/^Redis takes no events: READONLY /)]));
    name.leadTo(portOf(primary));
    expect((await tracker.flush({ timeoutMs: 20_000 })).pending).toBe(0);
    await api.waitForEvents(100);
    expect(new Set(api.events.map(({ contact_uid }) => contact_uid)).size).toBe(100);
    expect(errors).toHaveLength(1);
    await soon(() => expect(relay.health()).toEqual({ isHealthy: true, problems: [] }));
    await soon(() => expect(name.connections(portOf(replica))).toBe(0));
    await relay.close();
  });
});

it.each([
  ["READONLY You can't write against a read only replica.", true],
  // A script's, before Redis 7.
  ["ERR Error running script: @user_script: 1: -READONLY You can't write against a read only replica.", true],
  ['LOADING Redis is loading the dataset in memory', true],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", true],
  ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)', true],
  ["OOM command not allowed when used memory > 'maxmemory'.", false],
  ['NOSCRIPT No matching script. Please use EVAL.', false],
])('decides by "%s" whether another connection may help: %s', (message, expected) => {
  expect(isNotPrimary(new Error(message))).toBe(expected);
});
