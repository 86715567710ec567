import { TrackingError } from '@successeve/core';
import { eventKinds, type Queue, type QueuedEvent, type QueueHost } from '@successeve/core/queue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** How much a queue may hold. */
export interface QueueLimits {
  maxEvents?: number;
  maxBytes?: number;
}

/** A queue, and what it is able to do, for {@link describeQueue}. */
export interface QueueUnderTest {
  /** Creates an empty queue. */
  create(limits?: QueueLimits): Queue;
  /**
   * Puts events where the queue takes them from, and resolves when they wait in it. For a queue that takes its events
   * from elsewhere, and returns what is pushed.
   * @defaultValue calls `push`, which the suite then tests too, with its limits
   */
  fill?(queue: Queue, events: readonly QueuedEvent[]): Promise<void>;
  /** Whether all kinds are leased in the order of arrival. For a queue in which no event makes room for another. */
  keepsArrivalOrder?: boolean;
  /** Opens the events of the last queue in another one, as the next process would. Only if they outlive the process. */
  reopen?(): Queue;
  /** Whether the next process knows the digests of contacts and accounts. */
  remembersDigests?: boolean;
}

/** How long a queue may take to have what was put into it, in milliseconds. */
const patience = 15_000;

/** Counts what a queue reports to its tracker. */
export function testHost(): QueueHost & { accepted: number; errors: TrackingError[] } {
  let lastAdoptedId = Number.MIN_SAFE_INTEGER;
  return {
    accepted: 0,
    errors: [],
    wake() {},
    error(error) {
      this.errors.push(error);
    },
    adopt() {
      this.accepted++;
      return ++lastAdoptedId;
    },
    disown({ tracked, adopted }) {
      this.accepted -= tracked + adopted;
    },
  };
}

const bodies: Record<QueuedEvent['kind'], (id: number) => object> = {
  account: (id) => ({ account_uid: `a${id}`, params: { seats: id } }),
  contact: (id) => ({ contact_uid: `c${id}`, params: { seats: id } }),
  event: (id) => ({ contact_uid: `c${id}`, event_uid: 'tested' }),
  pageview: (id) => ({ contact_uid: `c${id}`, event_uid: 'pageview' }),
};

/** Returns a function that makes events with rising ids. No two have the same body. */
export function eventMaker(): (kind?: QueuedEvent['kind'], bytes?: number) => QueuedEvent {
  let id = 0;
  return (kind = 'event', bytes) => {
    id++;
    const body = JSON.stringify(bodies[kind](id));
    return { id, kind, body, bytes: bytes ?? body.length, occurredAt: 1_700_000_000_000 + id };
  };
}

/**
 * Tests what the interface `Queue` of `@successeve/core` promises. Call it in a test file of vitest.
 *
 * @param name - the queue, for the titles of the tests
 */
export function describeQueue(
  name: string,
  { create, fill, keepsArrivalOrder, reopen, remembersDigests }: QueueUnderTest,
): void {
  describe(`${name}, by the contract of queues,`, () => {
    let event: ReturnType<typeof eventMaker>;
    let host: ReturnType<typeof testHost>;
    let queue: Queue;

    const open = (limits?: QueueLimits): Queue => {
      queue = create(limits);
      host = testHost();
      queue.open?.(host);
      return queue;
    };
    const put = async (...events: readonly QueuedEvent[]): Promise<void> => {
      if (fill) return fill(queue, events);
      for (const each of events) expect(queue.push(each)).toEqual([]);
    };
    const ids = (events: readonly QueuedEvent[]): number[] => events.map(({ id }) => id);
    /** Events in the order in which the queue leases them. */
    const inOrder = (events: readonly QueuedEvent[]): readonly QueuedEvent[] =>
      keepsArrivalOrder ? events : eventKinds.flatMap((kind) => events.filter((each) => each.kind === kind));
    /** Events without their ids, which change when another process takes them over. */
    const contents = (events: readonly QueuedEvent[]): object[] =>
      events.map(({ kind, body, bytes, occurredAt }) => ({ kind, body, bytes, occurredAt }));

    beforeEach(() => {
      event = eventMaker();
    });

    afterEach(() => {
      queue.close();
    });

    /** Runs a check at once, and again after the queue has written the events to its disk. */
    const everyWay = (title: string, check: (turn: () => Promise<void>) => Promise<void>): void => {
      it(`${title}, at once`, () => check(async () => {}));
      it(`${title}, after it was written`, () => check(async () => queue.persisted?.()));
    };

    everyWay(
      keepsArrivalOrder
        ? 'leases events in the order of arrival'
        : 'leases accounts before contacts, explicit events and pageviews, each kind in order',
      async (written) => {
        open();
        const backwards = eventKinds.toReversed();
        const events = [...backwards, ...backwards].map((kind) => event(kind));
        await put(...events);
        await written();
        const expected = contents(inOrder(events));
        expect(contents(queue.lease(5))).toEqual(expected.slice(0, 5));
        expect(queue.length).toBe(3);
        expect(contents(queue.lease(5))).toEqual(expected.slice(5));
        expect(queue.lease(5)).toEqual([]);
      },
    );

    everyWay('puts released events back where they were, in any order of release', async (written) => {
      open();
      await put(...Array.from({ length: 12 }, (_, i) => event(eventKinds[i % 4])));
      await written();
      const leased = queue.lease(12);
      const again = (n: number): QueuedEvent => leased[n] as QueuedEvent;
      queue.release([again(0)]);
      queue.release([again(3)]);
      queue.release([again(2), again(1)]);
      queue.release([11, 4, 9, 5, 10, 6, 8, 7].map(again));
      expect(queue.length).toBe(12);
      expect(queue.lease(12)).toEqual(leased);
    });

    everyWay('returns the same object when an event is leased again', async (written) => {
      open();
      await put(event());
      await written();
      const [first] = queue.lease(1);
      queue.release([first as QueuedEvent]);
      expect(queue.lease(1)[0]).toBe(first);
    });

    everyWay('keeps the order and the number of many events', async (written) => {
      open();
      const events = Array.from({ length: 3000 }, (_, i) => event(i % 2 ? 'event' : 'pageview'));
      await put(...events);
      await written();
      const leased: QueuedEvent[] = [];
      while (queue.length > 0) {
        const some = queue.lease(70);
        queue.release(some.slice(40));
        queue.settle(some.slice(0, 40));
        leased.push(...some.slice(0, 40));
        if (leased.length % 7 === 0) await written();
      }
      expect(contents(leased)).toEqual(contents(inOrder(events)));
    });

    if (fill) {
      it('returns what is pushed', () => {
        open();
        const pushed = event();
        expect(queue.push(pushed)).toEqual([pushed]);
      });
      return;
    }

    everyWay('counts leased events as held until they are settled', async (written) => {
      open({ maxEvents: 2 });
      queue.push(event());
      queue.push(event());
      await written();
      const leased = queue.lease(2);
      const late = event();
      expect(queue.push(late)).toEqual([late]);
      queue.settle(leased);
      expect(queue.push(late)).toEqual([]);
    });

    everyWay('drops as many of the oldest pageviews as are needed for a new event', async (written) => {
      open({ maxBytes: 100 });
      const pageviews = Array.from({ length: 5 }, () => event('pageview', 20));
      for (const each of pageviews) queue.push(each);
      await written();
      expect(queue.push(event('event', 50))).toEqual(pageviews.slice(0, 3));
      expect(queue.length).toBe(3);
    });

    everyWay('drops pageviews in order from a long queue', async (written) => {
      open({ maxEvents: 1000 });
      const pageviews = Array.from({ length: 1000 }, () => event('pageview'));
      for (const each of pageviews) queue.push(each);
      await written();
      const dropped = Array.from({ length: 600 }, () => queue.push(event())).flat();
      expect(dropped).toEqual(pageviews.slice(0, 600));
      expect(queue.length).toBe(1000);
    });

    everyWay('drops nothing for an event that would not fit even then', async (written) => {
      open({ maxBytes: 100 });
      queue.push(event('event', 60));
      queue.push(event('pageview', 20));
      await written();
      const large = event('event', 50);
      expect(queue.push(large)).toEqual([large]);
      expect(queue.length).toBe(2);
    });

    everyWay('drops neither accounts nor contacts', async (written) => {
      open({ maxEvents: 2 });
      queue.push(event('account'));
      queue.push(event('contact'));
      await written();
      const late = event();
      expect(queue.push(late)).toEqual([late]);
    });

    everyWay('does not drop a pageview that is being sent, but one that was released', async (written) => {
      open({ maxEvents: 1 });
      const early = event('pageview');
      queue.push(early);
      await written();
      queue.lease(1);
      const late = event('pageview');
      expect(queue.push(late)).toEqual([late]);
      queue.release([early]);
      expect(queue.push(late)).toEqual([early]);
    });

    it('resolves persisted() when there is nothing to wait for', async () => {
      open();
      await queue.persisted?.();
      queue.push(event());
      await queue.persisted?.();
      await queue.persisted?.();
    });

    it('returns at close what it cannot keep, once, also of what is released later', async () => {
      open();
      const events = [event(), event('pageview'), event(), event('pageview')];
      for (const each of events) queue.push(each);
      const leased = queue.lease(2);
      const lost = [...queue.close()];
      queue.release(leased.slice(1));
      lost.push(...queue.close());
      queue.settle(leased.slice(0, 1));
      expect(queue.close()).toEqual([]);
      expect(queue.length + lost.length).toBe(3);
      if (reopen) expect(lost).toEqual([]);
      else expect(ids(lost).sort()).toEqual([2, 3, 4]);
    });

    if (!reopen) return;

    /** The bodies that the next process leases, in order. */
    const findAll = async (count: number): Promise<string[]> => {
      queue = reopen();
      host = testHost();
      queue.open?.(host);
      const bodies: string[] = [];
      await vi.waitFor(() => {
        bodies.push(...queue.lease(count + 1).map(({ body }) => body));
        expect(bodies.length).toBeGreaterThanOrEqual(count);
      }, patience);
      return bodies;
    };

    it('hands waiting events to the next process, in order, with only their ids changed', async () => {
      open();
      const events = Array.from({ length: 600 }, (_, i) => event(eventKinds[i % 4]));
      for (const each of events) queue.push(each);
      queue.close();
      queue = reopen();
      host = testHost();
      queue.open?.(host);
      await vi.waitFor(() => expect(queue.length).toBeGreaterThan(0), patience);
      const found: QueuedEvent[] = [];
      while (queue.length > 0) found.push(...queue.lease(50));
      const expected = inOrder(events);
      expect(found.map(({ id, ...rest }) => rest)).toMatchObject(expected.map(({ id, ...rest }) => rest));
      expect(found.every(({ id }, i) => id < 0 && (i === 0 || id > (found[i - 1]?.id ?? 0)))).toBe(true);
      expect(host.accepted).toBe(600);
    });

    it('hands over neither delivered nor rejected events, and puts older events first', async () => {
      open();
      const [a, b, c, d] = [event(), event(), event(), event()];
      for (const each of [a, b, c, d]) queue.push(each);
      await queue.persisted?.();
      queue.settle(queue.lease(1));
      queue.settle(queue.lease(1), new TrackingError('rejected', 'the API answered 422', { status: 422 }));
      queue.close();
      queue = reopen();
      const young = event();
      queue.push(young);
      queue.close();
      expect(await findAll(3)).toEqual([c.body, d.body, young.body]);
    });

    it('counts events that were taken over, and drops their pageviews for new events', async () => {
      open({ maxEvents: 10 });
      const events = Array.from({ length: 10 }, (_, i) => event(i % 2 ? 'event' : 'pageview'));
      for (const each of events) queue.push(each);
      queue.close();
      queue = reopen();
      host = testHost();
      queue.open?.(host);
      await vi.waitFor(() => expect(queue.length).toBeGreaterThan(0), patience);
      const dropped = Array.from({ length: 7 }, () => queue.push(event())).flat();
      expect(dropped.slice(0, 5).map(({ body }) => body)).toEqual(
        events.filter(({ kind }) => kind === 'pageview').map(({ body }) => body),
      );
      expect(dropped).toHaveLength(7);
    });

    if (!remembersDigests) return;

    it('remembers digests at once, and for the next process', async () => {
      const { digests } = open();
      expect(digests?.get(1)).toBeUndefined();
      digests?.set(1, 2 ** 53 - 1);
      digests?.set(2, 0);
      digests?.set(2, 22);
      expect(digests?.get(1)).toBe(2 ** 53 - 1);
      await queue.persisted?.();
      digests?.set(3, 33);
      queue.close();
      queue = reopen();
      queue.open?.(testHost());
      expect([1, 2, 3, 4].map((subject) => queue.digests?.get(subject))).toEqual([
        2 ** 53 - 1,
        22,
        33,
        undefined,
      ]);
    });

    it('forgets digests at once, and for the next process', async () => {
      open();
      for (const subject of [1, 2]) queue.digests?.set(subject, 7);
      await queue.persisted?.();
      queue.digests?.delete(1);
      queue.digests?.set(3, 7);
      queue.digests?.delete(3);
      expect(queue.digests?.get(1)).toBeUndefined();
      expect(queue.digests?.get(3)).toBeUndefined();
      queue.close();
      queue = reopen();
      queue.open?.(testHost());
      expect([1, 2, 3].map((subject) => queue.digests?.get(subject))).toEqual([undefined, 7, undefined]);
    });
  });
}
