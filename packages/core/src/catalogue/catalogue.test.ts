import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { stubTransport } from '../../test/stub-transport.js';
import {
  createTracker,
  defineEvents,
  describeEvents,
  type EventCatalogue,
  type StandardSchema,
  type TrackedEvent,
  type Tracker,
  type TrackerOptions,
} from '../index.js';
import { readQueuedEvent } from '../queue.js';

function setUp(options: TrackerOptions): {
  tracker: Tracker;
  onDrop: ReturnType<typeof vi.fn>;
  sent: () => Promise<TrackedEvent[]>;
} {
  const events: TrackedEvent[] = [];
  const { transport } = stubTransport((queued) => {
    events.push(...queued.map(readQueuedEvent));
    return { status: 'delivered' };
  });
  const onDrop = vi.fn();
  const tracker = createTracker({ transport, onDrop, flushOnExit: false, ...options });
  return { tracker, onDrop, sent: () => tracker.flush().then(() => events) };
}

/** A schema of no library in particular. */
function schema(validate: StandardSchema<object>['~standard']['validate']): StandardSchema<object> {
  return { '~standard': { version: 1, vendor: 'tests', validate } };
}

/** The same event, as each library says it. */
const libraries: [name: string, params: StandardSchema<object>][] = [
  [
    'zod',
    z.object({ plan: z.enum(['gold', 'silver']), email: z.email(), seats: z.number().min(1).default(1) }),
  ],
  [
    'valibot',
    v.object({
      plan: v.picklist(['gold', 'silver']),
      email: v.pipe(v.string(), v.trim(), v.toLowerCase(), v.email()),
      seats: v.optional(v.pipe(v.number(), v.minValue(1)), 1),
    }),
  ],
  ['arktype', type({ plan: "'gold' | 'silver'", email: 'string.email', seats: 'number >= 1 = 1' })],
];

describe.each(libraries)('a catalogue with schemas of %s', (_, params) => {
  const events = defineEvents({ plan_chosen: { displayName: 'Plan chosen', params } });
  const right = { plan: 'gold', email: 'ada@example.com', seats: 3 };

  it('takes an event that is as it is defined', async () => {
    const { tracker, sent, onDrop } = setUp({ events });
    tracker.event('plan_chosen', { contactUid: 7, params: right });
    expect(await sent()).toMatchObject([{ eventUid: 'plan_chosen', contactUid: '7', params: right }]);
    expect(onDrop).not.toHaveBeenCalled();
  });

  it('sends what the schema makes of the params: defaults filled in', async () => {
    const { tracker, sent } = setUp({ events });
    tracker.event('plan_chosen', { contactUid: 7, params: { plan: 'gold', email: 'ada@example.com' } });
    expect(await sent()).toMatchObject([{ params: { seats: 1 } }]);
  });

  it.each([
    [
      'no params',
      undefined,
      /^params\.\w+: expected what the schema takes, got undefined \(.+\), and 1 more$/,
    ],
    ['null', null, /^params\.\w+: expected what the schema takes, got undefined/],
    ['a value that is not an object', 'gold', /^params: expected .*, got a string of 4 characters/],
    [
      'another word',
      { ...right, plan: 'diamond' },
      /^params\.plan: .*, got a string of 7 characters \(.*silver/,
    ],
    ['another type', { ...right, seats: '3' }, /^params\.seats: .*, got a string of 1 characters \(.*number/],
    ['too little', { ...right, seats: 0 }, /^params\.seats: .*, got 0 \(.*1/],
    [
      'another format',
      { ...right, email: 'Secret-Ada@' },
      /^params\.email: .*, got a string of 11 characters \(/,
    ],
  ])('rejects %s: onDrop gets where, what was expected and what came, and no value', (_, params, message) => {
    const { tracker, onDrop } = setUp({ events });
    tracker.event('plan_chosen', { contactUid: 7, params: params as never });
    expect(onDrop.mock.calls).toEqual([
      [
        expect.objectContaining({ kind: 'event', eventUid: 'plan_chosen', contactUid: '7' }),
        'invalid',
        expect.objectContaining({ code: 'invalid', message: expect.stringMatching(message) }),
      ],
    ]);
    expect(onDrop.mock.calls[0]?.[2].message).not.toMatch(/diamond|ada/i);
    expect(tracker.stats()).toMatchObject({ accepted: 0, dropped: { invalid: 1 } });
  });

  it('throws at the call with strict', () => {
    const { tracker, onDrop } = setUp({ events, strict: true });
    const wrong = { ...right, plan: 'diamond' };
    expect(() => tracker.event('plan_chosen', { contactUid: 7, params: wrong })).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringMatching(/^params\.plan: expected/) }),
    );
    expect(onDrop).not.toHaveBeenCalled();
  });
});

describe('a catalogue', () => {
  const events = defineEvents({
    signed_out: {},
    report_exported: { displayName: 'Report exported' },
    trip_booked: {
      params: z.object({
        at: z.date(),
        nights: z.string().transform(Number),
        stops: z.array(z.object({ city: z.string() })).default([]),
      }),
    },
  });

  it('fills in the display name, and lets the one of the call win', async () => {
    const { tracker, sent } = setUp({ events });
    tracker.event('report_exported', { contactUid: 7 });
    tracker.event('report_exported', { contactUid: 7, displayName: null });
    tracker.event('report_exported', { contactUid: 7, displayName: 'Export' });
    tracker.event('signed_out', { contactUid: 7 });
    expect((await sent()).map(({ displayName }) => displayName)).toEqual([
      'Report exported',
      'Report exported',
      'Export',
      undefined,
    ]);
  });

  it.each(['signed_in', 'Signed out', 'constructor', '__proto__', '', 7, undefined])(
    'rejects an event that is not in it: %s',
    (eventUid) => {
      const { tracker, onDrop } = setUp({ events });
      tracker.event(eventUid as string, { contactUid: 7 });
      const [, reason, error] = onDrop.mock.calls[0] ?? [];
      expect(reason).toBe('invalid');
      expect(error.message).toMatch(/^eventUid: expected an event of the catalogue, got /);
    },
  );

  it('takes any attributes where an event has no schema', async () => {
    const { tracker, sent } = setUp({ events });
    tracker.event('signed_out', { contactUid: 7, params: { after: 12 } });
    expect(await sent()).toMatchObject([{ params: { after: 12 } }]);
  });

  it('leaves pageviews alone', async () => {
    const { tracker, sent } = setUp({ events });
    tracker.pageview({ contactUid: 7, visitUrl: 'https://example.com/', params: { any: 1 } });
    expect(await sent()).toMatchObject([{ kind: 'pageview', params: { any: 1 } }]);
  });

  it('sends what a schema transformed, which beforeSend sees too', async () => {
    const beforeSend = vi.fn((event: TrackedEvent) => ({ ...event, params: { ...event.params, nights: 4 } }));
    const { tracker, sent } = setUp({ events, beforeSend });
    tracker.event('trip_booked', { contactUid: 7, params: { at: new Date(0), nights: '3' } });
    expect(beforeSend.mock.calls).toMatchObject([[{ params: { at: new Date(0), nights: 3, stops: [] } }]]);
    expect(await sent()).toMatchObject([{ params: { at: '1970-01-01T00:00:00.000Z', nights: 4 } }]);
  });

  it('says where in a list the fault is', () => {
    const { tracker, onDrop } = setUp({ events });
    const params = { at: new Date(0), nights: '3', stops: [{ city: 'Rome' }, { city: 9 }] };
    tracker.event('trip_booked', { contactUid: 7, params });
    expect(onDrop.mock.calls[0]?.[2].message).toMatch(/^params\.stops\[1\]\.city: .* got 9 /);
  });

  it('rejects an output of a schema that JSON cannot carry', () => {
    const params = z.object({ tags: z.array(z.string()).transform((tags) => new Set(tags)) });
    const { tracker, onDrop } = setUp({ events: defineEvents({ tagged: { params } }) });
    tracker.event('tagged', { contactUid: 7, params: { tags: ['a'] } });
    expect(onDrop.mock.calls[0]?.[2].message).toBe('params.tags: expected a JSON value, got Set');
  });

  it('takes what JSON cannot carry where the schema makes it so that it can', async () => {
    const params = z.object({ total: z.bigint().transform(String) });
    const { tracker, sent } = setUp({ events: defineEvents({ paid: { params } }) });
    tracker.event('paid', { contactUid: 7, params: { total: 3n } });
    expect(await sent()).toMatchObject([{ params: { total: '3' } }]);
  });

  it.each([
    ['zod', z.object({ name: z.string().refine(async () => true) })],
    [
      'valibot',
      v.objectAsync({
        name: v.pipeAsync(
          v.string(),
          v.checkAsync(async () => true),
        ),
      }),
    ],
    ['a library whose promise is rejected', schema(() => Promise.reject(new Error('no')))],
  ])('rejects an asynchronous schema of %s, whose result comes too late', async (_, params) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { tracker, onDrop } = setUp({ events: defineEvents({ named: { params } }) });
    tracker.event('named', { contactUid: 7, params: { name: 'Ada' } });
    expect(onDrop.mock.calls[0]?.[1]).toBe('invalid');
    expect(onDrop.mock.calls[0]?.[2].message).toMatch(/^params: expected a synchronous schema, .*promise/);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('rejects the event where the schema throws, with what it threw as the cause', () => {
    const failure = new Error('Ada');
    const params = schema(() => {
      throw failure;
    });
    const { tracker, onDrop } = setUp({ events: defineEvents({ named: { params } }) });
    tracker.event('named', { contactUid: 7, params: { name: 'Ada' } });
    expect(onDrop.mock.calls[0]?.[2]).toMatchObject({ code: 'invalid', cause: failure });
    expect(onDrop.mock.calls[0]?.[2].message).toMatch(
      /^params: expected a result of the schema, but it threw/,
    );
  });

  it("cuts what came out of a schema's own words, and keys that are data out of the path", () => {
    const params = z.object({
      note: z
        .string()
        .refine(() => false, { error: ({ input }) => `${input} is not nice, and neither is Note` }),
    });
    const shares = z.object({ shares: z.record(z.string(), z.number()) });
    const { tracker, onDrop } = setUp({
      events: defineEvents({ noted: { params }, shared: { params: shares } }),
    });
    tracker.event('noted', { contactUid: 7, params: { note: 'i.s*' } });
    tracker.event('shared', { contactUid: 7, params: { shares: { 'ada@example.com': '3' } } });
    expect(onDrop.mock.calls.map(([, , error]) => error.message)).toEqual([
      'params.note: expected what the schema takes, got a string of 4 characters (… is not nice, and neither is Note)',
      expect.stringMatching(
        /^params\.shares\[…\]: expected what the schema takes, got a string of 1 characters/,
      ),
    ]);
  });

  const wrong: [what: string, events: unknown, message: RegExp][] = [
    ['nothing', null, /^events: expected an object of events by name, got null/],
    ['a list', [], /^events: .* got an array/],
    ['a name that is not snake_case', { userRegistration: {} }, /^events\.userRegistration: .* snake_case/],
    ['a pageview', { pageview: {} }, /^events\.pageview: .* a pageview, which needs no definition/],
    ['no definition', { x: undefined }, /^events\.x: .* got undefined/],
    ['a misspelt member', { x: { displayname: 'X' } }, /^events\.x: .* got displayname/],
    [
      'a display name that is none',
      { x: { displayName: 3 } },
      /^events\.x\.displayName: expected a string, got 3/,
    ],
    [
      'no schema',
      { x: { params: { plan: 'string' } } },
      /^events\.x\.params: expected a Standard Schema, got Object/,
    ],
  ];

  it.each(wrong)('throws where it is defined, and where it is passed: %s', (_, events, message) => {
    const rejection = expect.objectContaining({
      code: 'invalid_options',
      message: expect.stringMatching(message),
    });
    expect(() => defineEvents(events as EventCatalogue)).toThrow(rejection);
    expect(() => setUp({ events: events as EventCatalogue })).toThrow(rejection);
  });
});

describe('describeEvents', () => {
  it('lists a catalogue in its order, with JSON Schema where the library can write it', () => {
    const plain = v.object({ plan: v.string() });
    const events = defineEvents({
      by_zod: { displayName: 'By zod', params: z.object({ seats: z.number().default(1) }) },
      by_arktype: { params: type({ plan: "'gold' | 'silver'" }) },
      by_valibot: { params: toStandardJsonSchema(plain) },
      by_valibot_alone: { params: plain },
      with_a_date: { params: z.object({ at: z.date() }) },
      by_nobody: {},
    });
    const object = (properties: object): object => expect.objectContaining({ type: 'object', properties });
    expect(describeEvents(events)).toEqual([
      {
        eventUid: 'by_zod',
        displayName: 'By zod',
        params: expect.objectContaining({
          type: 'object',
          properties: { seats: { type: 'number', default: 1 } },
          required: ['seats'],
        }),
      },
      { eventUid: 'by_arktype', params: object({ plan: { enum: ['gold', 'silver'] } }) },
      { eventUid: 'by_valibot', params: object({ plan: { type: 'string' } }) },
      { eventUid: 'by_valibot_alone' },
      { eventUid: 'with_a_date' },
      { eventUid: 'by_nobody' },
    ]);
  });
});
