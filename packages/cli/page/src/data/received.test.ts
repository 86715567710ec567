import { describe, expect, it } from 'vitest';
import { noFilter } from './filter.js';
import { Received } from './received.js';
import { drop, event, rejection, report, skip } from './test-entries.js';
import { timeline } from './timeline.js';

function seqsOf({ matching }: Received): number[] {
  return Array.from({ length: matching.count }, (_, row) => matching.seqAt(row));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('what matches', () => {
  it('is listed with the newest first, whether it was there before the filter or came after', () => {
    const received = new Received(100);
    received.add(range(1, 6).map((seq) => event(seq, { contactUid: seq % 2 ? 'ada' : 'grace' })));
    received.narrow({ ...noFilter, contact: 'ada' });
    received.matching.look(100);
    expect(seqsOf(received)).toEqual([5, 3, 1]);
    received.add([event(7), event(8, { contactUid: 'grace' }), event(9)]);
    expect(seqsOf(received)).toEqual([9, 7, 5, 3, 1]);
  });

  it('has its newest first rows before the rest was looked at', () => {
    const received = new Received(100_000);
    received.add(range(1, 50_000).map((seq) => event(seq)));
    received.narrow({ ...noFilter, search: 'registration' });
    received.matching.look(0);
    expect(received.matching.isComplete).toBe(false);
    expect(received.matching.seqAt(0)).toBe(50_000);
    received.add([event(50_001)]);
    while (!received.matching.isComplete) received.matching.look(0);
    expect(seqsOf(received)).toEqual(range(1, 50_001).reverse());
  });

  it('is let go of with the entries that are forgotten', () => {
    const received = new Received(5);
    received.narrow(noFilter);
    received.add(range(1, 4).map((seq) => event(seq)));
    received.narrow(noFilter);
    received.matching.look(100);
    received.add(range(5, 12).map((seq) => event(seq)));
    expect(seqsOf(received)).toEqual([12, 11, 10, 9, 8]);
    received.forget(10);
    expect(seqsOf(received)).toEqual([12, 11]);
  });

  it('finds the row of an entry, and counts those that came after it', () => {
    const received = new Received(100);
    received.add(range(1, 9).map((seq) => event(seq, { contactUid: seq % 2 ? 'ada' : 'grace' })));
    received.narrow({ ...noFilter, contact: 'ada' });
    received.matching.look(100);
    expect([9, 5, 1, 4].map((seq) => received.matching.rowOf(seq))).toEqual([0, 2, 4, -1]);
    expect([0, 4, 5, 9].map((seq) => received.matching.countAfter(seq))).toEqual([5, 3, 2, 0]);
  });
});

describe('what is counted', () => {
  it('is what is kept, by kind and by value', () => {
    const received = new Received(4);
    received.add([
      event(1),
      event(2, { accountUid: 'acme' }),
      rejection(3),
      report(4, skip),
      report(5, drop),
    ]);
    expect(received.total).toBe(4);
    expect(received.counts).toMatchObject({ event: 1, rejected: 1, skipped: 1, dropped: 1, pageview: 0 });
    expect(received.tallies.contact.top(9)).toEqual([
      ['ada', 1],
      ['grace', 1],
    ]);
    expect(received.tallies.reason.top(9)).toEqual([
      ['no_contact', 1],
      ['queue_full', 1],
    ]);
  });

  it('is right also where more arrives at once than is kept', () => {
    const received = new Received(3);
    received.add(range(1, 10).map((seq) => event(seq, { contactUid: `contact-${seq}` })));
    expect(received.total).toBe(3);
    expect(received.counts.event).toBe(3);
    expect(received.tallies.contact.top(9).map(([value]) => value)).toEqual([
      'contact-10',
      'contact-8',
      'contact-9',
    ]);
    received.forget(10);
    expect(received.tallies.contact.size).toBe(0);
  });

  it('offers the most frequent values of many', () => {
    const received = new Received(1000);
    received.add(
      range(1, 500).map((seq) => event(seq, { contactUid: seq % 5 ? `contact-${seq}` : `often-${seq % 2}` })),
    );
    expect(received.tallies.contact.top(2)).toEqual([
      ['often-0', 50],
      ['often-1', 50],
    ]);
  });

  it('is counted for each second, also where that is replayed', () => {
    const received = new Received(1000);
    const second = 1_700_000_000_000;
    received.add([
      event(1, { at: second - 3000 }),
      event(2, { at: second - 3000 }),
      rejection(3, { at: second - 1000 }),
      report(4, skip),
      event(5, { at: second - 600_000 }),
    ]);
    const seconds = received.pace.upTo(second);
    expect(seconds.slice(-4).map(({ accepted, rejected }) => [accepted, rejected])).toEqual([
      [2, 0],
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(received.pace.inSecondBefore(second)).toBe(1);
  });
});

it('puts a timeline in the order in which things happened', () => {
  const received = new Received(100);
  received.add([
    event(1, { at: 1000 }),
    event(2, { at: 5000, occurredAt: 500 }),
    event(3, { at: 5001, occurredAt: 3000 }),
    event(4, { at: 6000 }),
  ]);
  const rows = timeline(received.matching, received.ring);
  expect(Array.from({ length: rows.count }, (_, row) => rows.seqAt(row))).toEqual([4, 3, 1, 2]);
  expect(rows.rowOf(1)).toBe(2);
});

it('searches the text of the entry that is there now, not of the one before it', () => {
  const received = new Received(1, { ...noFilter, search: 'second_one' });
  received.add([event(1, { eventUid: 'first_one' })]);
  expect(received.matching.count).toBe(0);
  received.add([event(2, { eventUid: 'second_one' })]);
  expect(received.matching.count).toBe(1);
});

it('makes the texts of 100 000 entries with the first search, and only looks through them with the next', () => {
  let reads = 0;
  const entries = range(1, 100_000).map((seq) =>
    Object.defineProperty(event(seq), 'contactUid', {
      get: () => {
        reads++;
        return `contact-${seq}`;
      },
    }),
  );
  const received = new Received(100_000);
  received.add(entries);
  const count = (search: string): number => {
    received.narrow({ ...noFilter, search });
    while (!received.matching.isComplete) received.matching.look(1000);
    return received.matching.count;
  };
  expect(count('contact-77')).toBe(1111);
  const readsOfFirst = reads;
  expect(['contact-7', 'contact-777', 'contact-7777'].map(count)).toEqual([11_111, 111, 11]);
  expect(readsOfFirst).toBeGreaterThanOrEqual(100_000);
  expect(reads).toBe(readsOfFirst);
});
