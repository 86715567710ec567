import { describe, expect, it, vi } from 'vitest';
import { setUp } from '../../test/recording-tracker.js';
import { deferred, delivered, rejected, unavailable } from '../../test/stub-transport.js';
import { memoryQueue, type Queue, type SendResult, type TrackerOptions } from '../index.js';
import type { Digests } from '../queue.js';
import { Recent } from '../runtime/recent.js';

describe('the same update is sent again', () => {
  const attributes = { name: 'Ada' };

  it('after the API rejected it', async () => {
    let answers = 0;
    const { tracker, sent } = setUp({}, () => (answers++ === 1 ? rejected(422) : delivered));
    tracker.event('warmed_up', { contactUid: 1 });
    await tracker.flush();
    for (let i = 0; i < 3; i++) {
      tracker.contact(1, attributes);
      await tracker.flush();
    }
    expect(sent.map(({ kind }) => kind)).toEqual(['event', 'contact', 'contact']);
  });

  it('not after the API rejected the previous one: the one that waited is remembered', async () => {
    const first = deferred<SendResult>();
    let answers = 0;
    const { tracker, sent } = setUp({}, () => (answers++ === 1 ? first.promise : delivered));
    tracker.event('warmed_up', { contactUid: 3 });
    await tracker.flush();
    tracker.contact(1, { step: 1 });
    await expect.poll(() => sent).toHaveLength(2);
    tracker.contact(1, { step: 2 });
    first.resolve(rejected(422));
    await tracker.flush();
    tracker.contact(1, { step: 2 });
    await tracker.flush();
    expect(sent.slice(1)).toMatchObject([{ params: { step: 1 } }, { params: { step: 2 } }]);
    expect(sent).toHaveLength(3);
  });

  it('after the queue had no room for it, and what waits is not given up for it', async () => {
    const api = deferred<SendResult>();
    const { tracker, sent, onDrop } = setUp({ queue: memoryQueue({ maxEvents: 2 }) }, () => api.promise);
    tracker.event('hangs', { contactUid: 2 });
    await expect.poll(() => sent).toHaveLength(1);
    tracker.contact(1, { step: 1 });
    for (let i = 0; i < 2; i++) tracker.contact(1, { step: 2 });
    expect(onDrop.mock.calls.map(([{ params }, reason]) => [params, reason])).toEqual([
      [{ step: 2 }, 'queue_full'],
      [{ step: 2 }, 'queue_full'],
    ]);
    api.resolve(delivered);
    await tracker.flush();
    expect(sent[1]).toMatchObject({ params: { step: 1 } });
    tracker.contact(1, { step: 2 });
    await tracker.flush();
    expect(sent[2]).toMatchObject({ params: { step: 2 } });
  });

  it('after it was forgotten: the memory is bounded', () => {
    const digests = new Recent<number, number>(10);
    const isRemembered = (subject: number): boolean => {
      const isKnown = digests.get(subject) !== undefined;
      digests.set(subject, 1);
      return isKnown;
    };
    for (let subject = 0; subject < 1000; subject++) expect(isRemembered(subject)).toBe(false);
    // The last ten at least, and never more than twenty.
    for (let subject = 999; subject >= 990; subject--) expect(isRemembered(subject)).toBe(true);
    expect(digests.get(979)).toBeUndefined();
    // A subject that is set again and again stays.
    for (let subject = 0; subject < 1000; subject++) {
      digests.set(subject, 1);
      expect(digests.get(999)).toBe(1);
    }
  });

  it('by the next process, unless the queue remembers it', async () => {
    const run = async (options: TrackerOptions): Promise<number> => {
      const { tracker, sent } = setUp(options);
      for (let i = 0; i < 3; i++) tracker.contact(1, attributes);
      await tracker.close();
      return sent.length;
    };
    expect([await run({}), await run({})]).toEqual([1, 1]);
    const digests = new Map<number, number>();
    const remembering = (): Queue => Object.assign(memoryQueue(), { digests });
    expect([await run({ queue: remembering() }), await run({ queue: remembering() })]).toEqual([1, 0]);
    // Neither the contact nor its attributes can be read there.
    expect([...digests].flat().every(Number.isSafeInteger)).toBe(true);
  });

  it('where the queue cannot read what it remembers', async () => {
    const broken: Digests = {
      get() {
        throw new Error('disk');
      },
      set() {},
      delete() {},
    };
    const onError = vi.fn();
    const { tracker, sent, onDrop } = setUp({
      queue: Object.assign(memoryQueue(), { digests: broken }),
      onError,
    });
    for (let i = 0; i < 2; i++) {
      tracker.contact(1, attributes);
      await tracker.flush();
    }
    expect(sent).toHaveLength(2);
    expect(onDrop).not.toHaveBeenCalled();
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'callback_failed' });
  });

  it('only once the outage is over, and then in its last state', async () => {
    let isDown = true;
    const { tracker, sent } = setUp({ retry: { minDelayMs: 1, maxDelayMs: 5 } }, () =>
      isDown ? unavailable(503) : delivered,
    );
    tracker.contact(1, { step: 1 });
    await expect.poll(() => sent.length).toBeGreaterThan(3);
    for (let step = 2; step <= 100; step++) tracker.contact(1, { step });
    isDown = false;
    const before = sent.length;
    await tracker.flush();
    // The one that was tried, and the last.
    expect(sent.slice(before).map(({ params }) => params?.step)).toEqual([1, 100]);
  });
});
