import { describe, expect, it } from 'vitest';
import { setUp } from '../../test/recording-tracker.js';
import type { TrackedEvent, Tracker } from '../index.js';

describe('an update', () => {
  const invalid: [name: string, update: (tracker: Tracker) => void, message: RegExp][] = [
    ['no contact', (t) => t.contact('', {}), /^contactUid: expected .*, got an empty string/],
    ['no account', (t) => t.account(undefined as never, {}), /^accountUid: expected .*, got undefined/],
    ['no attributes', (t) => t.contact(1, undefined as never), /^params: expected an object, got undefined/],
    ['a list', (t) => t.account(1, ['gold'] as never), /^params: expected an object, got an array/],
    ['a text', (t) => t.contact(1, 'gold' as never), /^params: expected an object, got a string/],
    ['a value that is not JSON', (t) => t.contact(1, { deep: [1n] }), /^params\.deep\[0\]: .* bigint/],
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
    ['an invalid date', (t) => t.contact(1, { churnDate: new Date('x') }), /^params\.churnDate/],
    ['too much', (t) => t.contact(1, { text: 'x'.repeat(33_000) }), /at most 32768 bytes/],
  ];

  it.each(invalid)(
    'that is invalid (%s) goes to onDrop, is not remembered, and breaks nothing',
    (_, update, message) => {
      const { tracker, onDrop } = setUp();
      for (let i = 0; i < 2; i++) expect(() => update(tracker)).not.toThrow();
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

  it('is read back as it was set', async () => {
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
