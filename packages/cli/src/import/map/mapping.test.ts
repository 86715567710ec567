import { createRecorder, type Recorder } from '@successeve/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Mapping, type MappingOptions } from './mapping.js';

const now = Date.parse('2026-11-23T10:00:00Z');

let recorder: Recorder;

beforeEach(() => {
  recorder = createRecorder();
});

/** The event that a line becomes. */
function eventOf(record: Record<string, unknown>, options: MappingOptions = {}): unknown {
  track(record, options);
  return recorder.events.at(-1);
}

function track(record: Record<string, unknown>, options: MappingOptions = {}): void {
  new Mapping(options).read({ type: 'record', record, json: '' }, now).track(recorder);
}

const at = new Date('2024-01-02T03:04:05.000Z');

describe('the fields of a line', () => {
  it.each([
    [
      'on the wire',
      {
        contact_uid: '1',
        event_uid: 'signed_in',
        created_at: at.toISOString(),
        params: { account_uid: 'a', display_name: 'Signed in', plan: 'pro' },
      },
    ],
    [
      'in a batch',
      {
        method: 'event',
        contact_uid: 1,
        event_uid: 'signed_in',
        created_at: at.toISOString(),
        params: { account_uid: 'a', display_name: 'Signed in', plan: 'pro' },
      },
    ],
    [
      'in this library',
      {
        kind: 'event',
        contactUid: '1',
        eventUid: 'signed_in',
        accountUid: 'a',
        displayName: 'Signed in',
        occurredAt: at.getTime(),
        params: { plan: 'pro' },
      },
    ],
    [
      'in columns',
      {
        contact_uid: '1',
        event_uid: 'signed_in',
        created_at: String(at.getTime() / 1000),
        'params.account_uid': 'a',
        display_name: 'Signed in',
        'params.plan': 'pro',
      },
    ],
    [
      'in columns, the attributes as JSON',
      {
        contact_uid: '1',
        event_uid: 'signed_in',
        created_at: '2024-01-02 03:04:05',
        account_uid: 'a',
        display_name: 'Signed in',
        params: '{"plan":"pro"}',
      },
    ],
  ])('are understood as they are called %s', (_, record) => {
    expect(eventOf(record)).toEqual({
      kind: 'event',
      contactUid: '1',
      eventUid: 'signed_in',
      accountUid: 'a',
      displayName: 'Signed in',
      params: { plan: 'pro' },
      occurredAt: at,
    });
  });

  it('make a pageview of an event with that name, and of one of that kind', () => {
    const pageview = {
      kind: 'pageview',
      eventUid: 'pageview',
      visitUrl: 'https://example.com/',
      contactUid: '1',
    };
    const url = 'https://example.com/';
    expect(eventOf({ contact_uid: 1, event_uid: 'pageview', params: { visit_url: url } })).toMatchObject(
      pageview,
    );
    expect(eventOf({ contactUid: 1, kind: 'pageview', visitUrl: url })).toMatchObject(pageview);
  });

  it('may have a URL in an event, as an attribute', () => {
    const params = { visit_url: 'https://example.com/', n: 1 };
    expect(eventOf({ contact_uid: 1, event_uid: 'shared', params })).toMatchObject({ kind: 'event', params });
  });

  it.each([
    [
      'on the wire',
      { method: 'contact', contact_uid: '1', params: { name: 'Ada', account_uid: 'a', seats: 2 } },
    ],
    [
      'by this library',
      { kind: 'contact', contactUid: 1, params: { name: 'Ada', accountUid: 'a', seats: 2 } },
    ],
    [
      'in columns',
      { kind: 'contact', contact_uid: '1', account_uid: 'a', 'params.name': 'Ada', 'params.seats': 2 },
    ],
  ])('update a contact by the names of %s', (_, record) => {
    track(record);
    expect(recorder.contacts).toMatchObject([
      { contactUid: '1', params: { name: 'Ada', accountUid: 'a', seats: 2 } },
    ]);
  });

  it('update an account', () => {
    track({ method: 'account', account_uid: 'a', params: { name: 'Acme', churn_reason: 'too_expensive' } });
    track({ account_uid: 'b', company: 'Bolt' }, { set: ['kind=account'], map: ['params.name=company'] });
    expect(recorder.accounts).toMatchObject([
      { accountUid: 'a', params: { name: 'Acme', churnReason: 'too_expensive' } },
      { accountUid: 'b', params: { name: 'Bolt' } },
    ]);
  });

  it('that are null or missing set nothing; attributes may be null', () => {
    expect(
      eventOf({ contact_uid: '1', event_uid: 'x', account_uid: null, created_at: null, params: { a: null } }),
    ).toMatchObject({ accountUid: undefined, params: { a: null } });
  });

  it('do not reach the prototype of anything', () => {
    const record = JSON.parse(
      '{"contact_uid":"1","event_uid":"x","__proto__":{"a":1},"params":{"__proto__":{"b":1}}}',
    );
    const event = eventOf(record, { rest: 'params' }) as { params?: object };
    expect(Object.getPrototypeOf(event.params ?? {})).toBe(Object.prototype);
    expect(({} as { b?: number }).b).toBeUndefined();
  });
});

describe('--map, --set, --parse-json and --rest', () => {
  it('fill fields from others, also from objects in objects', () => {
    const record = {
      user: { id: 7 },
      name: 'signed_in',
      when: '2024-01-02T03:04:05Z',
      properties: { tier: 'pro', n: 1 },
    };
    const options = {
      map: [
        'contact_uid=user.id',
        'eventUid=name',
        'created_at=when',
        'params=properties',
        'params.plan=properties.tier',
      ],
      rest: 'ignore' as const,
    };
    expect(eventOf(record, options)).toEqual({
      kind: 'event',
      contactUid: '7',
      eventUid: 'signed_in',
      params: { tier: 'pro', n: 1, plan: 'pro' },
      occurredAt: at,
    });
  });

  it('win over what the file has under those names', () => {
    const record = {
      contact_uid: 'a',
      id: 'b',
      event_uid: 'x',
      'params.plan': 'free',
      params: { plan: 'none' },
    };
    const options = { map: ['contact_uid=id'], set: ['event_uid=y', 'params.plan=pro'] };
    expect(eventOf(record, options)).toMatchObject({
      contactUid: 'b',
      eventUid: 'y',
      params: { plan: 'pro' },
    });
  });

  it('set each field once', () => {
    const options = { map: ['contact_uid=a'], set: ['contactUid=b'] };
    expect(() => new Mapping(options)).toThrow(
      '--map, --set: expected each field once, got contact_uid twice',
    );
  });

  it('read text as JSON where --parse-json names it', () => {
    const record = {
      contact_uid: '1',
      event_uid: 'x',
      'params.seats': '12',
      'params.code': '012',
      tags: '["a"]',
    };
    const options = { parseJson: ['params.seats', 'tags'], rest: 'params' as const };
    expect(eventOf(record, options)).toMatchObject({ params: { seats: 12, code: '012', tags: ['a'] } });
    expect(() => eventOf({ ...record, tags: '[' }, options)).toThrow('tags: expected JSON, got another text');
  });

  it('send or leave out what is not an event field; without them the line is rejected', () => {
    const record = { contact_uid: '1', event_uid: 'x', plan: 'pro' };
    expect(eventOf(record, { rest: 'params' })).toMatchObject({ params: { plan: 'pro' } });
    expect(eventOf(record, { rest: 'ignore' })).not.toHaveProperty('params');
    expect(() => eventOf(record)).toThrow('plan: not an event field');
    expect(() => eventOf({ ...record, plan: undefined, rejection: { line: 1 } })).toThrow('plan');
  });
});

describe('a line that is not an event', () => {
  it.each([
    [
      { event_uid: 'x' },
      'contact_uid: expected a non-empty string, a finite number or a bigint, got undefined',
    ],
    [
      { contactUid: '1', eventUid: 'A B' },
      'eventUid: expected a snake_case name such as user_registration, got "A B"',
    ],
    [{ contact_uid: 2 ** 53, event_uid: 'x' }, 'contact_uid: expected text, or a number up to'],
    [
      { contact_uid: '1', event_uid: 'x', account_uid: 1e300 },
      'account_uid: expected text, or a number up to',
    ],
    [{ contact_uid: '1', event_uid: 'x', params: 3 }, 'params: expected an object, got a number'],
    [{ contact_uid: '1', event_uid: 'x', params: '[]' }, 'params: expected an object, got an array'],
    [
      { contact_uid: '1', event_uid: 'pageview' },
      'visit_url: expected an absolute http(s) URL, got undefined',
    ],
    [
      { contact_uid: '1', event_uid: 'x', kind: 'pageview' },
      'event_uid: expected pageview, as the kind says',
    ],
    [
      { account_uid: 'a', event_uid: 'x', kind: 'account' },
      'event_uid: expected none, since the line is about an account, got one',
    ],
    [
      { contact_uid: '1', account_uid: 'a', method: 'account' },
      'contact_uid: expected none, since the line is about an account, got one',
    ],
    [
      { contact_uid: '1', method: 'contact', kind: 'pageview' },
      'kind: expected contact, as the method says, got pageview',
    ],
    [{ method: 'contact', params: {} }, 'contact_uid: expected a non-empty string'],
    [{ account_uid: '', method: 'account' }, 'account_uid: expected a non-empty string'],
    [
      { contact_uid: '1', method: 'contact', params: { churnReason: 'Too Expensive' } },
      'params.churnReason: expected a word in snake_case',
    ],
    [{ contact_uid: '1', method: 'track' }, 'method: expected event or contact or account, got another'],
    [
      { contact_uid: '1', event_uid: 'x', created_at: '20240102' },
      'created_at: expected a time from 2000 until now, got 1970',
    ],
  ])('%j: %s', (record, problem) => {
    expect(() => eventOf(record)).toThrow(problem);
  });

  it('is reported with the name that the file has for a field', () => {
    const options = { map: ['contact_uid=user_id', 'created_at=user.when'] };
    expect(() => eventOf({ user_id: '', event_uid: 'x' }, options)).toThrow(
      /^user_id: expected a non-empty string/,
    );
    const wrong = { user_id: '1', event_uid: 'x', 'user.when': 'then' };
    expect(() => eventOf(wrong, options)).toThrow(/^user\.when: expected ISO 8601/);
  });
});
