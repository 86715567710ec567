import { describe, expect, it, vi } from 'vitest';
import { stubTransport } from '../../test/stub-transport.js';
import { createTracker, type Tracker, type TrackerOptions } from '../index.js';
import type { QueuedEvent } from '../queue/queue.js';
import { readQueuedEvent } from '../queue.js';

function setUp(options: TrackerOptions = {}): {
  tracker: Tracker;
  onDrop: ReturnType<typeof vi.fn>;
  sent: () => Promise<Record<string, unknown>[]>;
  queued: QueuedEvent[];
} {
  const onDrop = vi.fn();
  const queued: QueuedEvent[] = [];
  const { transport } = stubTransport((events) => {
    queued.push(...events);
    return { status: 'delivered' };
  });
  const tracker = createTracker({ transport, onDrop, flushOnExit: false, ...options });
  const sent = async (): Promise<Record<string, unknown>[]> => {
    await tracker.flush();
    return queued.map(({ body }) => JSON.parse(body));
  };
  return { tracker, onDrop, sent, queued };
}

describe('an event', () => {
  it("is the contract's body, and nothing more", async () => {
    const { tracker, sent } = setUp();
    tracker.event('user_registration', {
      contactUid: '123456',
      accountUid: '78910',
      displayName: 'Registration',
    });
    tracker.pageview({
      contactUid: '123456',
      accountUid: '78910',
      visitUrl: 'http://myproduct.com/onboarding',
    });
    tracker.event('signed_out', { contactUid: 'jane@example.com' });
    expect(await sent()).toEqual([
      {
        contact_uid: '123456',
        event_uid: 'user_registration',
        params: { account_uid: '78910', display_name: 'Registration' },
      },
      { contact_uid: 'jane@example.com', event_uid: 'signed_out' },
      {
        contact_uid: '123456',
        event_uid: 'pageview',
        params: { account_uid: '78910', visit_url: 'http://myproduct.com/onboarding' },
      },
    ]);
  });

  it('sends ids that are numbers or bigints as strings', async () => {
    const { tracker, sent } = setUp();
    tracker.event('tested', { contactUid: 42, accountUid: 9007199254740993n });
    expect(await sent()).toEqual([
      { contact_uid: '42', event_uid: 'tested', params: { account_uid: '9007199254740993' } },
    ]);
  });

  it("merges the customer's params, and lets the named fields win", async () => {
    const { tracker, sent } = setUp();
    tracker.event('tested', {
      contactUid: 'a',
      accountUid: 'named',
      displayName: 'Tested',
      params: {
        account_uid: 'own',
        display_name: 'Own',
        plan: 'pro',
        seats: 3,
        tags: ['a', null],
        deep: { x: true },
      },
    });
    expect(await sent()).toMatchObject([
      {
        params: {
          account_uid: 'named',
          display_name: 'Tested',
          plan: 'pro',
          seats: 3,
          tags: ['a', null],
          deep: { x: true },
        },
      },
    ]);
  });

  it('takes null, undefined and empty for no account, as databases and sessions give them', async () => {
    const { tracker, sent } = setUp();
    for (const accountUid of [null, undefined, '']) {
      tracker.event('tested', { contactUid: 'a', accountUid, displayName: null, params: null });
    }
    expect(await sent()).toEqual(Array(3).fill({ contact_uid: 'a', event_uid: 'tested' }));
  });

  it('is frozen at the call', async () => {
    const { tracker, sent } = setUp();
    const params = { list: ['before'] };
    const input = { contactUid: 'before', params };
    tracker.event('tested', input);
    params.list.push('after');
    input.contactUid = 'after';
    expect(await sent()).toEqual([
      { contact_uid: 'before', event_uid: 'tested', params: { list: ['before'] } },
    ]);
  });

  it('keeps the time it is given, in any form', async () => {
    const { tracker, queued } = setUp();
    const iso = '2026-11-23T10:00:00.000Z';
    for (const occurredAt of [iso, new Date(iso), Date.parse(iso)]) {
      tracker.event('tested', { contactUid: 'a', occurredAt });
    }
    await tracker.flush();
    expect(queued.map((event) => readQueuedEvent(event).occurredAt.toISOString())).toEqual([iso, iso, iso]);
  });

  it('is read back as it was tracked', async () => {
    const { tracker, queued } = setUp();
    const occurredAt = new Date('2026-11-23T10:00:00.000Z');
    const event = { contactUid: 'a', accountUid: 'b', displayName: 'C', params: { d: 1 }, occurredAt };
    tracker.event('tested', event);
    tracker.pageview({ ...event, visitUrl: 'https://example.com/' });
    await tracker.flush();
    expect(queued.map(readQueuedEvent)).toEqual([
      { kind: 'event', eventUid: 'tested', ...event },
      { kind: 'pageview', eventUid: 'pageview', visitUrl: 'https://example.com/', ...event },
    ]);
  });

  it.each(['user_registration', 'a', 'step_2', '2fa_enabled', 'v2'])('may be called %s', async (eventUid) => {
    const { tracker, sent, onDrop } = setUp();
    tracker.event(eventUid, { contactUid: 'a' });
    expect(await sent()).toHaveLength(1);
    expect(onDrop).not.toHaveBeenCalled();
  });
});

const circular: Record<string, unknown> = {};
circular.self = { circular };

describe('an invalid event', () => {
  const invalid: [name: string, track: (tracker: Tracker) => void, message: RegExp][] = [
    ['camelCase', (t) => t.event('userRegistration', { contactUid: 'a' }), /snake_case.*"userRegistration"/],
    ['spaces', (t) => t.event('user registration', { contactUid: 'a' }), /snake_case/],
    ['an underscore at the end', (t) => t.event('user_', { contactUid: 'a' }), /snake_case/],
    ['no name', (t) => t.event('', { contactUid: 'a' }), /snake_case/],
    ['a name that is no string', (t) => t.event(7 as never, { contactUid: 'a' }), /snake_case name, got 7/],
    ['a pageview in disguise', (t) => t.event('pageview', { contactUid: 'a' }), /pageview\(/],
    ['no contact', (t) => t.event('x', {} as never), /contactUid: expected .* got undefined/],
    ['an empty contact', (t) => t.event('x', { contactUid: '' }), /contactUid: .* got an empty string/],
    ['a blank contact', (t) => t.event('x', { contactUid: '  ' }), /contactUid/],
    ['a contact that is NaN', (t) => t.event('x', { contactUid: Number.NaN }), /contactUid: .* got NaN/],
    [
      'a contact that is an object',
      (t) => t.event('x', { contactUid: {} as never }),
      /contactUid: .* got Object/,
    ],
    ['no details', (t) => t.event('x', undefined as never), /an object/],
    [
      'an account that is an object',
      (t) => t.event('x', { contactUid: 'a', accountUid: {} as never }),
      /accountUid/,
    ],
    [
      'a display name that is a number',
      (t) => t.event('x', { contactUid: 'a', displayName: 3 as never }),
      /displayName/,
    ],
    [
      'params that are an array',
      (t) => t.event('x', { contactUid: 'a', params: [1] as never }),
      /params: .* an array/,
    ],
    [
      'a function in params',
      (t) => t.event('x', { contactUid: 'a', params: { f() {} } }),
      /params\.f: .* function/,
    ],
    [
      'a bigint in params',
      (t) => t.event('x', { contactUid: 'a', params: { deep: [{ n: 1n }] } }),
      /params\.deep\[0\]\.n/,
    ],
    [
      'NaN in params',
      (t) => t.event('x', { contactUid: 'a', params: { n: Number.NaN } }),
      /params\.n: .* finite number, got NaN/,
    ],
    [
      'a Map in params',
      (t) => t.event('x', { contactUid: 'a', params: { m: new Map() } }),
      /params\.m: .* got Map/,
    ],
    ['a cycle in params', (t) => t.event('x', { contactUid: 'a', params: circular }), /cycle/],
    [
      'a getter that throws',
      (t) =>
        t.event('x', {
          get contactUid(): string {
            throw new Error('no');
          },
        }),
      /can be read/,
    ],
    [
      'a toJSON that throws',
      (t) =>
        t.event('x', {
          contactUid: 'a',
          params: {
            d: {
              toJSON() {
                throw new Error('no');
              },
            },
          },
        }),
      /JSON/,
    ],
    ['a date that is none', (t) => t.event('x', { contactUid: 'a', occurredAt: 'yesterday' }), /occurredAt/],
    [
      'a body over 32 KiB',
      (t) => t.event('x', { contactUid: 'a', params: { text: 'é'.repeat(16_400) } }),
      /at most 32768 bytes, got 32/,
    ],
    [
      'a relative URL',
      (t) => t.pageview({ contactUid: 'a', visitUrl: '/onboarding' }),
      /visitUrl: expected an absolute http/,
    ],
    [
      'a URL that is not http',
      (t) => t.pageview({ contactUid: 'a', visitUrl: 'javascript:alert(1)' }),
      /visitUrl/,
    ],
    ['no URL', (t) => t.pageview({ contactUid: 'a' } as never), /visitUrl: .* got undefined/],
    [
      'a URL with no such port',
      (t) => t.pageview({ contactUid: 'a', visitUrl: 'https://example.com:99999/' }),
      /visitUrl/,
    ],
  ];

  it.each(invalid)(
    '(%s) goes to onDrop with what was expected and what came, and breaks nothing',
    async (_, trackInvalid, message) => {
      const { tracker, onDrop, sent } = setUp();
      expect(() => trackInvalid(tracker)).not.toThrow();
      expect(onDrop).toHaveBeenCalledTimes(1);
      const [, reason, error] = onDrop.mock.calls[0] ?? [];
      expect(reason).toBe('invalid');
      expect(error).toMatchObject({
        name: 'TrackingError',
        code: 'invalid',
        message: expect.stringMatching(message),
      });
      expect(tracker.stats()).toMatchObject({ accepted: 0, dropped: { invalid: 1 } });
      expect(await sent()).toEqual([]);
    },
  );

  it('is found after a valid URL of the same site, too', async () => {
    const { tracker, onDrop, sent } = setUp();
    for (const visitUrl of [
      'https://example.com',
      'https://example.com/a',
      'https://example.com?b/',
      'https://example.com/c',
    ]) {
      tracker.pageview({ contactUid: 'a', visitUrl });
    }
    for (const visitUrl of [
      'https://example.com:x/',
      'https://example.com:99999/',
      'https:///',
      'https://',
    ]) {
      tracker.pageview({ contactUid: 'a', visitUrl });
    }
    expect(onDrop).toHaveBeenCalledTimes(4);
    expect(await sent()).toHaveLength(4);
  });

  it.each(invalid)('(%s) throws at the call where strict is on', (_, trackInvalid) => {
    const { tracker, onDrop } = setUp({ strict: true });
    expect(() => trackInvalid(tracker)).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(onDrop).not.toHaveBeenCalled();
  });

  it('is described without what may be personal', () => {
    const { tracker, onDrop } = setUp();
    tracker.pageview({ contactUid: 'jane@example.com', visitUrl: '/reset?token=s3cret' });
    tracker.event('x', { contactUid: 'jane@example.com', accountUid: ['s3cret'] as never });
    for (const [, , error] of onDrop.mock.calls) expect(error.message).not.toMatch(/jane|s3cret/);
  });
});

describe('params', () => {
  it('take dates, objects with toJSON, class instances and undefined members', async () => {
    class Plan {
      name = 'pro';
    }
    const { tracker, sent } = setUp();
    tracker.event('x', {
      contactUid: 'a',
      params: { at: new Date(0), plan: new Plan(), none: undefined, bare: Object.create(null) },
    });
    expect(await sent()).toMatchObject([
      { params: { at: '1970-01-01T00:00:00.000Z', plan: { name: 'pro' }, bare: {} } },
    ]);
  });

  it('cannot pollute a prototype', async () => {
    const { tracker, queued } = setUp();
    const params = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    tracker.event('x', { contactUid: 'a', params });
    await tracker.flush();
    queued.map(readQueuedEvent);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('just under 32 KiB are taken', async () => {
    const { tracker, sent } = setUp();
    tracker.event('x', { contactUid: 'a', params: { text: 'x'.repeat(32_700) } });
    expect(await sent()).toHaveLength(1);
  });
});

describe('params that know how they are written', () => {
  class User {
    readonly name = 'Ada';
    readonly passwordHash = 's3cret';
    toJSON(): object {
      return { name: this.name };
    }
  }

  it('are written so wherever they are, and with whatever beside them', async () => {
    const { tracker, sent } = setUp();
    tracker.event('x', { contactUid: 'a', params: new User() as never });
    tracker.event('x', { contactUid: 'a', accountUid: 'acme', params: new User() as never });
    tracker.pageview({ contactUid: 'a', visitUrl: 'https://example.com/', params: new User() as never });
    tracker.contact('a', new User() as never);
    const bodies = await sent();
    expect(bodies).toHaveLength(4);
    for (const { params } of bodies) expect(params).toMatchObject({ name: 'Ada' });
    expect(JSON.stringify(bodies)).not.toContain('s3cret');
  });

  it.each([new Date(0), { toJSON: () => [1] }, { toJSON: () => 'text' }])(
    'as something that is no object are refused: %j',
    (params) => {
      const { tracker, onDrop } = setUp();
      tracker.event('x', { contactUid: 'a', params: params as never });
      tracker.contact('a', params as never);
      expect(onDrop).toHaveBeenCalledTimes(2);
      for (const [, , { message }] of onDrop.mock.calls)
        expect(message).toMatch(/^params: expected an object/);
    },
  );
});

it('a few objects that stand for millions of values are refused before they are written', () => {
  let params: object = {};
  for (let depth = 0; depth < 28; depth++) params = { a: params, b: params };
  const { tracker, onDrop } = setUp();
  tracker.event('x', { contactUid: 'a', params: params as never });
  expect(onDrop.mock.calls[0]?.[2].message).toMatch(/^params\.a.*: expected at most 20000 values, got more/);
});

it('the time of an event may be null, as any field may, but nothing that is no time', async () => {
  const { tracker, onDrop, queued } = setUp();
  const before = Date.now();
  tracker.event('x', { contactUid: 'a', occurredAt: null as never });
  tracker.event('x', { contactUid: 'a', occurredAt: true as never });
  await tracker.flush();
  expect(queued).toHaveLength(1);
  expect(queued[0]?.occurredAt).toBeGreaterThanOrEqual(before);
  expect(onDrop.mock.calls[0]?.[2].message).toMatch(/^occurredAt: expected a Date/);
});

it('the functions of a tracker work on their own', async () => {
  const { tracker, sent } = setUp();
  const { event, pageview, contact, account, flush, stats, persisted, close } = tracker;
  event('x', { contactUid: 'a' });
  pageview({ contactUid: 'a', visitUrl: 'https://example.com/' });
  contact('a', { email: 'a@example.com' });
  account('b', { name: 'Acme' });
  await flush(null as never);
  await persisted();
  expect(await sent()).toHaveLength(4);
  expect(stats()).toMatchObject({ accepted: 4, delivered: 4 });
  expect(await close(null as never)).toEqual({ delivered: 0, pending: 0 });
});

describe('beforeSend', () => {
  it.each([
    ['forgets to return the event', () => undefined, /got undefined/],
    ['is asynchronous', async (event: unknown) => event, /got a promise/],
    ['rejects', () => Promise.reject(new Error('scrubber broke')), /got a promise/],
    ['returns something else', () => ({}), /got Object/],
  ])('that %s drops the event, and onError says what was expected', async (_, beforeSend, message) => {
    const onError = vi.fn();
    const { tracker, onDrop, sent } = setUp({ onError, beforeSend: beforeSend as never });
    tracker.event('x', { contactUid: 'a' });
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      code: 'callback_failed',
      message: expect.stringMatching(/^beforeSend: expected the event, or null to drop it, got /),
    });
    expect(onError.mock.calls[0]?.[0].message).toMatch(message);
    expect(onDrop.mock.calls[0]?.[1]).toBe('before_send');
    expect(await sent()).toEqual([]);
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: { before_send: 1, invalid: 0 } });
  });

  it('scrubs an event before it is serialised', async () => {
    const { tracker, sent } = setUp({
      beforeSend: (event) => ({ ...event, params: { ...event.params, email: '[cut]' } }),
    });
    tracker.event('x', { contactUid: 'a', params: { email: 'jane@example.com' } });
    expect(await sent()).toMatchObject([{ params: { email: '[cut]' } }]);
  });

  it('drops an event by returning null, which is accounted for', () => {
    const { tracker, onDrop } = setUp({ beforeSend: () => null });
    tracker.event('x', { contactUid: 'a' });
    expect(onDrop.mock.calls[0]?.slice(0, 2)).toMatchObject([{ contactUid: 'a' }, 'before_send']);
    expect(tracker.stats()).toMatchObject({ accepted: 1, dropped: { before_send: 1 } });
  });

  it('that throws drops the event, since it may hold what was to be scrubbed, and tells onError', async () => {
    const onError = vi.fn();
    const { tracker, sent, onDrop } = setUp({
      onError,
      beforeSend: () => {
        throw new Error('scrubber broke');
      },
    });
    expect(() => tracker.event('x', { contactUid: 'a' })).not.toThrow();
    expect(await sent()).toEqual([]);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      code: 'callback_failed',
      cause: new Error('scrubber broke'),
    });
    expect(onDrop.mock.calls[0]?.[1]).toBe('before_send');
  });

  it('that returns an invalid event has it refused', () => {
    const { tracker, onDrop } = setUp({
      beforeSend: (event) => (event.kind === 'event' ? { ...event, contactUid: '' } : event),
    });
    tracker.event('x', { contactUid: 'a' });
    expect(onDrop.mock.calls[0]?.[1]).toBe('invalid');
  });
});

describe('a tracker that is not enabled', () => {
  it('needs no token, does nothing, and counts nothing', async () => {
    const { tracker, sent } = setUp({ enabled: false });
    tracker.event('x', { contactUid: 'a' });
    tracker.event('Not Valid', undefined as never);
    expect(await sent()).toEqual([]);
    expect(tracker.stats()).toMatchObject({ accepted: 0, dropped: { invalid: 0 } });
    expect(await tracker.close()).toEqual({ delivered: 0, pending: 0 });
  });
});
