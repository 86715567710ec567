import { expect, it } from 'vitest';
import type { Entry } from './entry.js';
import { EntryRing } from './entry-ring.js';
import { event } from './test-entries.js';

function ringOf(capacity: number): { ring: EntryRing; forgotten: number[] } {
  const forgotten: number[] = [];
  return { ring: new EntryRing(capacity, ({ seq }: Entry) => forgotten.push(seq)), forgotten };
}

it('keeps the newest entries, and forgets the oldest for them', () => {
  const { ring, forgotten } = ringOf(3);
  for (const seq of [1, 2, 3, 4, 5]) ring.add(event(seq));
  expect([1, 2, 3, 4, 5].map((seq) => ring.get(seq)?.seq)).toEqual([undefined, undefined, 3, 4, 5]);
  expect(forgotten).toEqual([1, 2]);
  expect([ring.oldest, ring.newest]).toEqual([3, 5]);
});

it('takes nothing twice, as may happen after a reconnection', () => {
  const { ring } = ringOf(3);
  expect(ring.add(event(7))).toBe(true);
  expect(ring.add(event(7))).toBe(false);
  expect(ring.add(event(6))).toBe(false);
});

it('forgets what is out of reach also where numbers are missing in between', () => {
  const { ring, forgotten } = ringOf(3);
  ring.add(event(1));
  ring.add(event(2));
  ring.add(event(100));
  expect(forgotten).toEqual([1, 2]);
  expect([ring.get(1), ring.get(97), ring.get(100)?.seq]).toEqual([undefined, undefined, 100]);
});

it('forgets all up to a number, and goes on', () => {
  const { ring, forgotten } = ringOf(3);
  for (const seq of [1, 2, 3]) ring.add(event(seq));
  ring.forget(2);
  ring.add(event(4));
  expect(forgotten).toEqual([1, 2]);
  expect([ring.get(2), ring.get(3)?.seq, ring.get(4)?.seq]).toEqual([undefined, 3, 4]);
});

it('can be cleared beyond what has arrived here', () => {
  const { ring } = ringOf(3);
  ring.add(event(1));
  ring.forget(50);
  ring.add(event(51));
  expect([ring.get(1), ring.get(51)?.seq]).toEqual([undefined, 51]);
});
