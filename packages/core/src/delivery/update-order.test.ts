import { scale } from '@successeve/test-scale';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeApi, startFakeApi } from '../../test/fake-api.js';
import {
  deferred,
  delivered,
  misconfigured,
  rateLimited,
  rejected,
  stubTransport,
  unavailable,
} from '../../test/stub-transport.js';
import {
  createTracker,
  memoryQueue,
  type Queue,
  type SendResult,
  type TrackedEvent,
  type Tracker,
  type TrackerOptions,
} from '../index.js';
import { type Digests, type QueuedEvent, readQueuedEvent } from '../queue.js';
import { Recent } from '../runtime/recent.js';

let tracker: Tracker | undefined;

afterEach(() => tracker?.close({ timeoutMs: 0 }));

function connect(options: TrackerOptions): Tracker {
  tracker = createTracker({ flushOnExit: false, onError() {}, onDrop() {}, ...options });
  return tracker;
}

/** A tracker whose transport keeps what it is given, and answers what `answer` says. */
function setUp(
  options: TrackerOptions = {},
  answer: (events: readonly QueuedEvent[]) => SendResult | Promise<SendResult> = () => delivered,
): { tracker: Tracker; sent: TrackedEvent[]; onDrop: ReturnType<typeof vi.fn> } {
  const sent: TrackedEvent[] = [];
  const onDrop = vi.fn();
  const { transport } = stubTransport((events) => {
    sent.push(...events.map(readQueuedEvent));
    return answer(events);
  });
  return { tracker: connect({ transport, onDrop, ...options }), sent, onDrop };
}

describe('what the API is told of contacts and accounts', () => {
  let api: FakeApi;

  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());

  const told = (): unknown[] => api.requests.map(({ path, body }) => [path, JSON.parse(body)]);
  const churn = {
    mrr: 0,
    churnDate: new Date('2026-11-23T10:00:00.000Z'),
    churnMrr: 99,
    churnReason: 'too_expensive',
    churnComment: 'They said so.',
  };
  const wireChurn = {
    mrr: 0,
    churn_date: '2026-11-23T10:00:00.000Z',
    churn_mrr: 99,
    churn_reason: 'too_expensive',
    churn_comment: 'They said so.',
  };

  it("is the vendor's reference, and nothing more", async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url });
    const own = {
      plan: 'gold',
      signedUpAt: new Date(0),
      'utm-source': null,
      tags: ['a'],
      nothing: undefined,
    };
    tracker.contact(123456, { email: 'ada@example.com', name: 'Ada', accountUid: 78910, ...churn, ...own });
    tracker.account(78910n, { name: 'Acme', domain: 'acme.example', ...churn, accountUid: 'own' });
    tracker.contact('jane@example.com', {});
    await tracker.flush();
    expect(api.requests.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
    expect(told()).toEqual(
      expect.arrayContaining([
        [
          '/v1/contact',
          {
            contact_uid: '123456',
            params: {
              email: 'ada@example.com',
              name: 'Ada',
              account_uid: '78910',
              ...wireChurn,
              plan: 'gold',
              signedUpAt: '1970-01-01T00:00:00.000Z',
              'utm-source': null,
              tags: ['a'],
            },
          },
        ],
        [
          '/v1/account',
          {
            account_uid: '78910',
            params: { name: 'Acme', domain: 'acme.example', ...wireChurn, accountUid: 'own' },
          },
        ],
        ['/v1/contact', { contact_uid: 'jane@example.com', params: {} }],
      ]),
    );
  });

  it('is in a batch with events, each by its method', async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url, batch: true });
    tracker.pageview({ contactUid: 1, visitUrl: 'https://example.com/' });
    tracker.event('signed_in', { contactUid: 1 });
    tracker.contact(1, { name: 'Ada' });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    const created_at = expect.stringMatching(/^\d{4}-/);
    expect(told()).toEqual([
      [
        '/v1/batch',
        [
          { method: 'account', account_uid: '2', params: { name: 'Acme' }, created_at },
          { method: 'contact', contact_uid: '1', params: { name: 'Ada' }, created_at },
          { method: 'event', contact_uid: '1', event_uid: 'signed_in', created_at },
          { method: 'event', contact_uid: '1', event_uid: 'pageview', params: expect.anything(), created_at },
        ],
      ],
    ]);
  });

  it('goes below the prefix, with the token, where events go', async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url, auth: 'query' });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    expect(api.requests).toMatchObject([
      { path: '/v1/account', query: `api_token=${api.token}`, status: 200 },
    ]);
  });

  const rounds = scale(20, 100);
  it(`is one request for each of 10 000 contacts that are told of ${rounds} times each`, {
    timeout: 120_000,
  }, async () => {
    const tracker = connect({ apiToken: api.token, apiUrl: api.url });
    const signedUpAt = new Date(0);
    for (let round = 0; round < rounds; round++) {
      for (let uid = 0; uid < 10_000; uid++) {
        const [name, plan] = [`Contact ${uid}`, 'gold'];
        tracker.contact(uid, round % 2 ? { name, plan, signedUpAt } : { plan, signedUpAt, name });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await tracker.flush({ timeoutMs: 60_000 });
    expect(api.requests).toHaveLength(10_000);
    expect(tracker.stats()).toMatchObject({
      accepted: 10_000,
      delivered: 10_000,
      updates: { unchanged: 10_000 * (rounds - 1), superseded: 0 },
    });
  });
});

describe('an update', () => {
  const invalid: [name: string, tell: (tracker: Tracker) => void, message: RegExp][] = [
    ['no contact', (t) => t.contact('', {}), /^contactUid: expected .*, got an empty string/],
    ['no account', (t) => t.account(undefined as never, {}), /^accountUid: expected .*, got undefined/],
    ['no attributes', (t) => t.contact(1, undefined as never), /^params: expected an object, got undefined/],
    ['a list', (t) => t.account(1, ['gold'] as never), /^params: expected an object, got an array/],
    ['a text', (t) => t.contact(1, 'gold' as never), /^params: expected an object, got a string/],
    ['what is not JSON', (t) => t.contact(1, { deep: [1n] }), /^params\.deep\[0\]: .* bigint/],
    [
      'a name that is a number',
      (t) => t.contact(1, { name: 7 as never }),
      /^params\.name: expected a string, got 7/,
    ],
    ['an amount as text', (t) => t.account(1, { mrr: '99.00' as never }), /^params\.mrr: .* got a string/],
    ['an account that is an object', (t) => t.contact(1, { accountUid: {} as never }), /^params\.accountUid/],
    [
      'a reason in words',
      (t) => t.contact(1, { churnReason: 'Too much' }),
      /^params\.churnReason: .* snake_case/,
    ],
    ['a date that is none', (t) => t.contact(1, { churnDate: new Date('x') }), /^params\.churnDate/],
    ['too much', (t) => t.contact(1, { text: 'x'.repeat(33_000) }), /at most 32768 bytes/],
  ];

  it.each(invalid)(
    'that is invalid (%s) goes to onDrop, is not remembered, and breaks nothing',
    (_, tell, message) => {
      const { tracker, onDrop } = setUp();
      for (let i = 0; i < 2; i++) expect(() => tell(tracker)).not.toThrow();
      expect(onDrop.mock.calls.map(([, reason]) => reason)).toEqual(['invalid', 'invalid']);
      expect(onDrop.mock.calls[1]?.[0].kind).toMatch(/^(contact|account)$/);
      expect(onDrop.mock.calls[1]?.[2].message).toMatch(message);
      expect(tracker.stats()).toMatchObject({ accepted: 0, updates: { unchanged: 0 } });
    },
  );

  it('that is invalid throws with strict', () => {
    const { tracker } = setUp({ strict: true });
    expect(() => tracker.contact(1, { name: 7 as never })).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    );
  });

  it('is read back as it was told', async () => {
    const { tracker, sent } = setUp();
    const churnDate = '2026-11-23';
    tracker.contact(1, { name: 'Ada', accountUid: 2, churnDate, churnReason: null });
    tracker.account(2, { churnMrr: 3, churnComment: '' });
    await tracker.flush();
    const occurredAt = expect.any(Date);
    const params = { name: 'Ada', accountUid: '2', churnDate, churnReason: null };
    expect(sent).toEqual(
      expect.arrayContaining([
        { kind: 'contact', contactUid: '1', params, occurredAt },
        { kind: 'account', accountUid: '2', params: { churnMrr: 3, churnComment: '' }, occurredAt },
      ]),
    );
  });

  it('is frozen at the call, and cannot pollute a prototype', async () => {
    const { tracker, sent } = setUp();
    const params = JSON.parse('{"list":["before"],"__proto__":{"polluted":true}}');
    tracker.contact(1, params);
    params.list.push('after');
    await tracker.flush();
    expect(sent[0]?.params?.list).toEqual(['before']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('passes beforeSend, which may scrub it, and drop it', async () => {
    const beforeSend = (event: TrackedEvent): TrackedEvent | null =>
      event.kind === 'account' ? null : { ...event, params: { ...event.params, email: '[cut]' } };
    const { tracker, sent, onDrop } = setUp({ beforeSend });
    tracker.contact(1, { email: 'ada@example.com' });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    expect(sent).toMatchObject([{ kind: 'contact', params: { email: '[cut]' } }]);
    expect(onDrop.mock.calls).toMatchObject([[{ kind: 'account', accountUid: '2' }, 'before_send', {}]]);
  });

  it('does nothing where the tracker is not enabled, or closed', async () => {
    const off = setUp({ enabled: false });
    off.tracker.contact(1, { name: 'Ada' });
    expect(off.tracker.stats()).toMatchObject({ accepted: 0, updates: { unchanged: 0 } });
    const { tracker, onDrop } = setUp();
    await tracker.close();
    tracker.contact(1, { name: 'Ada' });
    expect(onDrop.mock.calls).toMatchObject([[{ kind: 'contact' }, 'closed', {}]]);
  });
});

describe('an update goes', () => {
  it('before what its contact does, also where it was told later', async () => {
    const { tracker, sent } = setUp();
    tracker.event('signed_in', { contactUid: 1 });
    tracker.contact(1, { name: 'Ada' });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    expect(sent.map(({ kind }) => kind)).toEqual(['account', 'contact', 'event']);
  });

  it('when something in it has changed: not for the order of its attributes, nor for how they are written', async () => {
    const { tracker, sent } = setUp();
    const tell = async (contactUid: string | number, params: Record<string, unknown>): Promise<number> => {
      tracker.contact(contactUid, params);
      await tracker.flush();
      return sent.length;
    };
    expect(await tell(1, { name: 'Ada', deep: { a: 1, b: [{ c: 2, d: 3 }] }, accountUid: 7 })).toBe(1);
    expect(await tell('1', { accountUid: '7', deep: { b: [{ d: 3, c: 2 }], a: 1 }, name: 'Ada' })).toBe(1);
    expect(
      await tell(1, { account_uid: '7', deep: { b: [{ d: 3, c: 2 }], a: 1 }, name: 'Ada', x: undefined }),
    ).toBe(1);
    expect(await tell(1, { accountUid: '7', deep: { b: [{ d: 3, c: 2 }], a: 2 }, name: 'Ada' })).toBe(2);
    expect(await tell(1, { accountUid: '7', name: 'Ada' })).toBe(3);
    expect(await tell(2, { accountUid: '7', name: 'Ada' })).toBe(4);
    expect(tracker.stats().updates).toEqual({ unchanged: 2, superseded: 0 });
  });

  it('as it was told last, where it still waits and is told anew', async () => {
    const { tracker, sent } = setUp();
    for (let step = 1; step <= 5; step++) tracker.contact(1, { step });
    tracker.contact(1, { name: 'Ada' });
    tracker.contact(2, { step: 1 });
    expect(tracker.stats()).toMatchObject({ accepted: 7, queued: 7 });
    await tracker.flush();
    // The name says nothing of the step, so both are told.
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

  it('after the one before it of the same contact, and holds up nobody else', async () => {
    const first = deferred<SendResult>();
    let answers = 0;
    const { tracker, sent } = setUp({}, () => (answers++ === 1 ? first.promise : delivered));
    tracker.event('warmed_up', { contactUid: 3 });
    await tracker.flush();
    tracker.contact(1, { step: 1 });
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    tracker.contact(1, { step: 2 });
    tracker.contact(2, { step: 1 });
    tracker.event('signed_in', { contactUid: 1 });
    await vi.waitFor(() => expect(sent).toHaveLength(4));
    expect(sent.slice(2)).toMatchObject([{ contactUid: '2' }, { eventUid: 'signed_in' }]);
    expect(tracker.stats()).toMatchObject({ queued: 1, inFlight: 1 });
    first.resolve(delivered);
    await tracker.flush();
    expect(sent[4]).toMatchObject({ contactUid: '1', params: { step: 2 } });
  });

  it('after the one before it, also where that one failed and is sent again', async () => {
    let isAway = true;
    const { tracker, sent } = setUp({ retry: { minDelayMs: 1 } }, () =>
      isAway ? unavailable(503) : delivered,
    );
    tracker.contact(1, { plan: 0, mrr: 0 });
    tracker.contact(1, { plan: 0, seats: 0 });
    tracker.contact(1, { plan: 1 });
    tracker.contact(2, { plan: 0 });
    await vi.waitFor(() => expect(sent).not.toEqual([]));
    isAway = false;
    await tracker.flush();
    expect(sent.filter(({ contactUid }) => contactUid === '1').slice(-3)).toMatchObject([
      { params: { plan: 0, mrr: 0 } },
      { params: { plan: 0, seats: 0 } },
      { params: { plan: 1 } },
    ]);
  });

  it('after the one before it, also where that one fails on its own account for a while', async () => {
    let isAtFault = true;
    const retry = { minDelayMs: 100, maxDelayMs: 100 };
    const { tracker, sent } = setUp({ retry }, ([event]) =>
      event?.kind === 'contact' && isAtFault ? unavailable(500) : delivered,
    );
    const told = (): unknown[] => sent.filter(({ kind }) => kind === 'contact').map(({ params }) => params);
    tracker.event('warmed_up', { contactUid: 1 });
    tracker.contact(1, { plan: 0, mrr: 0 });
    await vi.waitFor(() => expect(told().length).toBeGreaterThan(1));
    tracker.contact(1, { plan: 1 });
    tracker.event('signed_in', { contactUid: 1 });
    await vi.waitFor(() => expect(sent).toContainEqual(expect.objectContaining({ eventUid: 'signed_in' })));
    isAtFault = false;
    await tracker.flush();
    const [latest, ...before] = told().reverse();
    expect(latest).toEqual({ plan: 1 });
    expect(before).toEqual(before.map(() => ({ plan: 0, mrr: 0 })));
  });

  it('though another process has taken over the one before it', async () => {
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
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    isLimited = false;
    tracker.contact(1, { step: 2 });
    await vi.waitFor(() => expect(sent[1]).toMatchObject({ params: { step: 2 } }));
  });

  it('never again where the API does not know its like, while events go on', async () => {
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

describe('what was told is told again', () => {
  const attributes = { name: 'Ada' };

  it('after the API refused it', async () => {
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

  it('not after the API refused the one before it: what is remembered is what waited', async () => {
    const first = deferred<SendResult>();
    let answers = 0;
    const { tracker, sent } = setUp({}, () => (answers++ === 1 ? first.promise : delivered));
    tracker.event('warmed_up', { contactUid: 3 });
    await tracker.flush();
    tracker.contact(1, { step: 1 });
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    tracker.contact(1, { step: 2 });
    first.resolve(rejected(422));
    await tracker.flush();
    tracker.contact(1, { step: 2 });
    await tracker.flush();
    expect(sent.slice(1)).toMatchObject([{ params: { step: 1 } }, { params: { step: 2 } }]);
    expect(sent).toHaveLength(3);
  });

  it('after there was no room for it, and what waits is not given up for it', async () => {
    const api = deferred<SendResult>();
    const { tracker, sent, onDrop } = setUp({ queue: memoryQueue({ maxEvents: 2 }) }, () => api.promise);
    tracker.event('hangs', { contactUid: 2 });
    await vi.waitFor(() => expect(sent).toHaveLength(1));
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

  it('after it was forgotten for others, which has a bound', () => {
    const digests = new Recent<number, number>(10);
    const told = (subject: number): boolean => {
      const isKnown = digests.get(subject) !== undefined;
      digests.set(subject, 1);
      return isKnown;
    };
    for (let subject = 0; subject < 1000; subject++) expect(told(subject)).toBe(false);
    // The last ten at least, and never more than twenty.
    for (let subject = 999; subject >= 990; subject--) expect(told(subject)).toBe(true);
    expect(digests.get(979)).toBeUndefined();
    // Who is told of again and again stays.
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
    // Neither who it was nor what was told can be read there.
    expect([...digests].flat().every(Number.isSafeInteger)).toBe(true);
  });

  it('where the queue cannot tell what it remembers', async () => {
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

  it('only once the outage is over, and then as it is by then', async () => {
    let isDown = true;
    const { tracker, sent } = setUp({ retry: { minDelayMs: 1, maxDelayMs: 5 } }, () =>
      isDown ? unavailable(503) : delivered,
    );
    tracker.contact(1, { step: 1 });
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(3));
    for (let step = 2; step <= 100; step++) tracker.contact(1, { step });
    isDown = false;
    const before = sent.length;
    await tracker.flush();
    // The one that was tried, and the last.
    expect(sent.slice(before).map(({ params }) => params?.step)).toEqual([1, 100]);
  });
});

it('debug lines, log lines and the channels tell what was sent and dropped by its name', async () => {
  const lines: string[] = [];
  const write = (line: string): number => lines.push(line);
  const { transport } = stubTransport((events) =>
    events.some(({ body }) => body.includes('bad')) ? rejected(422) : delivered,
  );
  const tracker = connect({
    transport,
    batch: true,
    debug: true,
    logger: { debug: write, warn: write, error: write },
    onDrop: undefined,
    onError: undefined,
  });
  tracker.contact(1, { name: 'Ada' });
  tracker.contact(2, { name: 'Grace' });
  tracker.account(3, { name: 'Acme' });
  tracker.event('signed_in', { contactUid: 1 });
  await tracker.flush();
  tracker.account(4, { name: 'bad' });
  await tracker.flush();
  expect(lines).toEqual([
    expect.stringMatching(/sent 1 account, 2 contacts, 1 event in \d+ ms: delivered$/),
    expect.stringMatching(/dropped an account \(rejected\): refused$/),
    expect.stringMatching(/sent 1 account in \d+ ms: rejected/),
  ]);
});
