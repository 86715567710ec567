import { describe, expect, it } from 'vitest';
import { setUp } from '../../test/recording-tracker.js';
import type { Tracker } from '../index.js';
import { readQueuedEvent } from '../queue.js';

describe('an event', () => {
  it("is the contract's body, and nothing more", async () => {
    const { tracker, bodies } = setUp();
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
    expect(await bodies()).toEqual([
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
    const { tracker, bodies } = setUp();
    tracker.event('tested', { contactUid: 42, accountUid: 9007199254740993n });
    expect(await bodies()).toEqual([
      { contact_uid: '42', event_uid: 'tested', params: { account_uid: '9007199254740993' } },
    ]);
  });

  it("merges the customer's params, and lets the named fields win", async () => {
    const { tracker, bodies } = setUp();
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
    expect(await bodies()).toMatchObject([
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
    const { tracker, bodies } = setUp();
    for (const accountUid of [null, undefined, '']) {
      tracker.event('tested', { contactUid: 'a', accountUid, displayName: null, params: null });
    }
    expect(await bodies()).toEqual(Array(3).fill({ contact_uid: 'a', event_uid: 'tested' }));
  });

  it('is frozen at the call', async () => {
    const { tracker, bodies } = setUp();
    const params = { list: ['before'] };
    const input = { contactUid: 'before', params };
    tracker.event('tested', input);
    params.list.push('after');
    input.contactUid = 'after';
    expect(await bodies()).toEqual([
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
    const { tracker, bodies, onDrop } = setUp();
    tracker.event(eventUid, { contactUid: 'a' });
    expect(await bodies()).toHaveLength(1);
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
    [
      'a name that is not a string',
      (t) => t.event(7 as never, { contactUid: 'a' }),
      /snake_case name, got 7/,
    ],
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
    ['an invalid date', (t) => t.event('x', { contactUid: 'a', occurredAt: 'yesterday' }), /occurredAt/],
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
      const { tracker, onDrop, bodies } = setUp();
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
      expect(await bodies()).toEqual([]);
    },
  );

  it('is found after a valid URL of the same site, too', async () => {
    const { tracker, onDrop, bodies } = setUp();
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
    expect(await bodies()).toHaveLength(4);
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

it('the time of an event may be null, as any field may, but not another value that is not a time', async () => {
  const { tracker, onDrop, queued } = setUp();
  const before = Date.now();
  tracker.event('x', { contactUid: 'a', occurredAt: null as never });
  tracker.event('x', { contactUid: 'a', occurredAt: true as never });
  await tracker.flush();
  expect(queued).toHaveLength(1);
  expect(queued[0]?.occurredAt).toBeGreaterThanOrEqual(before);
  expect(onDrop.mock.calls[0]?.[2].message).toMatch(/^occurredAt: expected a Date/);
});
