import type { QueueHost } from '@successeve/core/queue';
import { expect, it, vi } from 'vitest';
import { setStage, soon } from '../../test/stage.ts';
import { RelayLog } from './relay-log.js';
import { RelayQueue } from './relay-queue.js';

const stage = setStage();
const silent = { debug() {}, warn() {}, error() {} };

it('leases nothing after it stood still, until it knows what is still its own', async () => {
  await stage.handOver(5);
  const options = { connection: stage.redis.url, queueName: stage.queueName, prefix: 'bull', wanted: 10 };
  const queue = new RelayQueue({ ...options, leaseMs: 3_000, log: new RelayLog(silent) });
  let id = -100;
  const host = { wake: vi.fn(), error: vi.fn(), adopt: () => ++id, disown: vi.fn() } satisfies QueueHost;
  queue.open(host);
  await soon(() => expect(queue.length).toBe(5));
  expect(queue.lease(1)).toHaveLength(1);

  const until = Date.now() + 3_200;
  while (Date.now() < until);
  host.wake.mockClear();
  expect(queue.lease(1)).toEqual([]);
  await soon(() => expect(host.wake).toHaveBeenCalled());
  // Its lease was over in Redis too, so that the others may have them.
  expect(host.disown).toHaveBeenCalledWith({ tracked: 0, adopted: 4 });
  await queue.end(AbortSignal.timeout(100));
});
