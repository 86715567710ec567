import { describe, expect, it } from 'vitest';
import { setUp } from '../../test/recording-tracker.js';
import { deferred, delivered, misconfigured, rateLimited, unavailable } from '../../test/stub-transport.js';
import { memoryQueue, type SendResult } from '../index.js';

describe('an update goes', () => {
  it('before the events of its contact, also where it was set later', async () => {
    const { tracker, sent } = setUp();
    tracker.event('signed_in', { contactUid: 1 });
    tracker.contact(1, { name: 'Ada' });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    expect(sent.map(({ kind }) => kind)).toEqual(['account', 'contact', 'event']);
  });

  it('when something in it has changed: not for the order of its attributes, nor for how they are written', async () => {
    const { tracker, sent } = setUp();
    const update = async (contactUid: string | number, params: Record<string, unknown>): Promise<number> => {
      tracker.contact(contactUid, params);
      await tracker.flush();
      return sent.length;
    };
    expect(await update(1, { name: 'Ada', deep: { a: 1, b: [{ c: 2, d: 3 }] }, accountUid: 7 })).toBe(1);
    expect(await update('1', { accountUid: '7', deep: { b: [{ d: 3, c: 2 }], a: 1 }, name: 'Ada' })).toBe(1);
    expect(
      await update(1, { account_uid: '7', deep: { b: [{ d: 3, c: 2 }], a: 1 }, name: 'Ada', x: undefined }),
    ).toBe(1);
    expect(await update(1, { accountUid: '7', deep: { b: [{ d: 3, c: 2 }], a: 2 }, name: 'Ada' })).toBe(2);
    expect(await update(1, { accountUid: '7', name: 'Ada' })).toBe(3);
    expect(await update(2, { accountUid: '7', name: 'Ada' })).toBe(4);
    expect(tracker.stats().updates).toEqual({ unchanged: 2, superseded: 0 });
  });

  it('as it was last set, where it still waits', async () => {
    const { tracker, sent } = setUp();
    for (let step = 1; step <= 5; step++) tracker.contact(1, { step });
    tracker.contact(1, { name: 'Ada' });
    tracker.contact(2, { step: 1 });
    expect(tracker.stats()).toMatchObject({ accepted: 7, queued: 7 });
    await tracker.flush();
    // The name does not replace the step, so both are sent.
    expect(sent.map(({ contactUid, params }) => [contactUid, params])).toEqual(
      expect.arrayContaining([
        ['1', { step: 5 }],
        ['1', { name: 'Ada' }],
        ['2', { step: 1 }],
      ]),
    );
    expect(sent).toHaveLength(3);
    expect(tracker.stats()).toMatchObject({
      accepted: 3,
      delivered: 3,
      queued: 0,
      updates: { superseded: 4 },
    });
  });

  it('after the previous one of the same contact, and holds up no other', async () => {
    const first = deferred<SendResult>();
    let answers = 0;
    const { tracker, sent } = setUp({}, () => (answers++ === 1 ? first.promise : delivered));
    tracker.event('warmed_up', { contactUid: 3 });
    await tracker.flush();
    tracker.contact(1, { step: 1 });
    await expect.poll(() => sent).toHaveLength(2);
    tracker.contact(1, { step: 2 });
    tracker.contact(2, { step: 1 });
    tracker.event('signed_in', { contactUid: 1 });
    await expect.poll(() => sent).toHaveLength(4);
    expect(sent.slice(2)).toMatchObject([{ contactUid: '2' }, { eventUid: 'signed_in' }]);
    expect(tracker.stats()).toMatchObject({ queued: 1, inFlight: 1 });
    first.resolve(delivered);
    await tracker.flush();
    expect(sent[4]).toMatchObject({ contactUid: '1', params: { step: 2 } });
  });

  it('after the previous one, also where that one failed and is sent again', async () => {
    let isAway = true;
    const { tracker, sent } = setUp({ retry: { minDelayMs: 1 } }, () =>
      isAway ? unavailable(503) : delivered,
    );
    tracker.contact(1, { plan: 0, mrr: 0 });
    tracker.contact(1, { plan: 0, seats: 0 });
    tracker.contact(1, { plan: 1 });
    tracker.contact(2, { plan: 0 });
    await expect.poll(() => sent).not.toEqual([]);
    isAway = false;
    await tracker.flush();
    expect(sent.filter(({ contactUid }) => contactUid === '1').slice(-3)).toMatchObject([
      { params: { plan: 0, mrr: 0 } },
      { params: { plan: 0, seats: 0 } },
      { params: { plan: 1 } },
    ]);
  });

  it('after the previous one, also where that one fails by its own fault for a while', async () => {
    let isAtFault = true;
    const retry = { minDelayMs: 100, maxDelayMs: 100 };
    const { tracker, sent } = setUp({ retry }, ([event]) =>
      event?.kind === 'contact' && isAtFault ? unavailable(500) : delivered,
    );
    const updates = (): unknown[] =>
      sent.filter(({ kind }) => kind === 'contact').map(({ params }) => params);
    tracker.event('warmed_up', { contactUid: 1 });
    tracker.contact(1, { plan: 0, mrr: 0 });
    await expect.poll(() => updates().length).toBeGreaterThan(1);
    tracker.contact(1, { plan: 1 });
    tracker.event('signed_in', { contactUid: 1 });
    await expect.poll(() => sent).toContainEqual(expect.objectContaining({ eventUid: 'signed_in' }));
    isAtFault = false;
    await tracker.flush();
    const [latest, ...before] = updates().reverse();
    expect(latest).toEqual({ plan: 1 });
    expect(before).toEqual(before.map(() => ({ plan: 0, mrr: 0 })));
  });

  it('also where another process has taken over the previous one', async () => {
    const queue = memoryQueue();
    const { release } = queue;
    // What is put back is gone, as it is when this process was taken for dead.
    queue.release = (events) => {
      if (events.some(({ kind }) => kind === 'contact')) queue.settle(events);
      else release.call(queue, events);
    };
    let isLimited = true;
    const { tracker, sent } = setUp({ queue }, () => (isLimited ? rateLimited(Date.now() + 50) : delivered));
    tracker.contact(1, { step: 1 });
    await expect.poll(() => sent).toHaveLength(1);
    isLimited = false;
    tracker.contact(1, { step: 2 });
    await expect.poll(() => sent[1]).toMatchObject({ params: { step: 2 } });
  });

  it('never again where the API does not know updates, while events go on', async () => {
    const { tracker, sent, onDrop } = setUp({}, ([event]) =>
      event?.kind === 'event' ? delivered : misconfigured(404),
    );
    tracker.event('signed_in', { contactUid: 1 });
    await tracker.flush();
    tracker.contact(1, { name: 'Ada' });
    tracker.event('signed_out', { contactUid: 1 });
    await tracker.flush();
    expect(sent.map(({ kind }) => kind)).toEqual(['event', 'contact', 'event']);
    expect(onDrop.mock.calls).toMatchObject([[{ kind: 'contact' }, 'rejected', { status: 404 }]]);
    expect(tracker.stats()).toMatchObject({ pausedUntil: null, delivered: 2 });
  });
});
