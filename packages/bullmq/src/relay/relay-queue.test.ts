import { eventKinds, type QueueHost } from '@successeve/core/queue';
import { describeQueue } from '@successeve/testing/queue-contract';
import { Job } from 'bullmq';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { setStage, soon } from '../../test/stage.ts';
import { RelayLog } from './relay-log.js';
import { RelayQueue } from './relay-queue.js';

const stage = setStage();
const log = new RelayLog({ debug() {}, warn() {}, error() {} });
const queues: RelayQueue[] = [];

afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.end(AbortSignal.timeout(100));
});

function createQueue(wanted: number, leaseMs: number): RelayQueue {
  const options = { connection: stage.redis.url, queueName: stage.queueName, prefix: 'bull' };
  const queue = new RelayQueue({ ...options, wanted, leaseMs, log });
  queues.push(queue);
  return queue;
}

describeQueue("a relay's queue", {
  create: () => createQueue(5_000, 30_000),
  async fill(queue, events) {
    for (const kind of eventKinds) {
      const ofKind = events.filter((event) => event.kind === kind);
      await stage.queue(kind === 'event' ? '' : `-${kind}s`).addBulk(
        ofKind.map(({ body, occurredAt }) => ({
          name: kind,
          data: { v: 1, events: [{ body, occurredAt }] },
        })),
      );
    }
    // Thousands of jobs are fetched one by one, which takes its time on a busy machine.
    await vi.waitFor(() => expect(queue.length).toBe(events.length), { timeout: 55_000, interval: 20 });
  },
});

it('leases nothing after the process was frozen, until it has checked which jobs it still holds', async () => {
  await stage.handOver(5);
  const queue = createQueue(10, 3_000);
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
  // Its lease had also run out in Redis, so that another relay may take the job.
  expect(host.disown).toHaveBeenCalledWith({ tracked: 0, adopted: 4 });
});

it('waits at its end for the write of a job that was done when it was taken', async () => {
  await stage.handOver(1);
  const [job] = await stage.queue().getWaiting();
  await job?.updateProgress({ open: [] });
  const complete = vi.spyOn(Job.prototype, 'moveToCompleted').mockRejectedValueOnce(new Error('lost'));
  onTestFinished(() => complete.mockRestore());
  const queue = createQueue(10, 30_000);
  queue.open({ wake() {}, error() {}, adopt: () => -1, disown() {} });
  await soon(() => expect(complete).toHaveBeenCalledTimes(1));
  await queue.end(AbortSignal.timeout(20_000));
  expect(await stage.keysLeft()).toEqual([]);
});
