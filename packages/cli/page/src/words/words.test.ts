import { expect, it } from 'vitest';
import { drops, notices, skips, titleOfReason, wordsOf } from '../../../src/dev/words.js';
import { drop, event, report, skip } from '../data/test-entries.js';
import { lineOf } from './entries.js';
import { describeFaults } from './faults.js';
import { countdown, duration, lateness, timeAndDay, timeSpan } from './times.js';

it.each([...Object.entries(skips), ...Object.entries(drops), ...Object.entries(notices)])(
  'explains %s and what to do, in sentences',
  (_, { title, meaning, advice }) => {
    expect(title).toMatch(/^\S.{2,40}[^.]$/);
    expect(meaning).toMatch(/[.)]$/);
    expect(advice).toMatch(/[.)]$/);
  },
);

it('describes a reason of a newer SDK too', () => {
  for (const reason of ['brand_new', 'constructor', '__proto__']) {
    expect(wordsOf({ ...skip, reason } as typeof skip).title).toBe(reason);
    expect(titleOfReason(reason)).toBe(reason);
  }
  expect(titleOfReason('no_contact')).toBe('Contact unknown');
});

it.each([
  [0, '0 ms'],
  [340, '340 ms'],
  [2000, '2 s'],
  [2560, '2.5 s'],
  [59_999, '59 s'],
  [90_000, '1.5 min'],
  [3_600_000, '1 h'],
  [90_000_000, '1 d'],
])('writes %d ms as a duration', (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

it('counts down in minutes and seconds, and never below nothing', () => {
  expect([187_000, 60_001, 900, 0, -5].map(countdown)).toEqual(['3:07', '1:01', '0:01', '0:00', '0:00']);
});

it('calls an event late only from one second on', () => {
  expect([lateness(undefined, 5000), lateness(4200, 5000), lateness(2600, 5000)]).toEqual([
    undefined,
    undefined,
    '2.4 s late',
  ]);
});

it('names the day of what did not happen today', () => {
  const noon = new Date(2026, 10, 25, 12).getTime();
  expect(timeAndDay(noon, noon + 1000)).toBe('12:00:00.000');
  expect(timeAndDay(noon, noon + 86_400_000)).toBe('2026-11-25 12:00:00');
});

it('writes both ends of a span in one way', () => {
  const noon = new Date(2026, 10, 25, 12).getTime();
  expect(timeSpan(noon, noon + 1500, noon)).toBe('12:00:00.000 to 12:00:01.500');
  expect(timeSpan(noon - 86_400_000, noon, noon)).toBe('2026-11-24 12:00:00 to 2026-11-25 12:00:00');
});

it('describes the faults in one sentence', () => {
  expect(describeFaults({ answers: [], latencyMs: 0 })).toBeUndefined();
  expect(
    describeFaults({
      answers: [
        { answer: 503, percent: 20 },
        { answer: 'hang', percent: 100 },
      ],
      latencyMs: 2000,
    }),
  ).toBe('503 to 20 % of requests, no answer to every request, 2 s before each answer');
});

it('puts the subject of an entry before its description', () => {
  const url = 'https://myproduct.com/onboarding?step=2';
  expect(lineOf(event(1, { kind: 'pageview', visitUrl: url }))).toMatchObject({
    title: '/onboarding?step=2',
    note: 'myproduct.com',
  });
  const paid = event(6, { displayName: 'Invoice paid', attributes: 'total: 99' });
  expect(lineOf(paid)).toMatchObject({ title: 'user_registration', note: 'Invoice paid · total: 99' });
  const update = { displayName: 'Ada Lovelace', attributes: 'plan: pro' };
  expect(lineOf(event(4, { kind: 'contact', ...update }))).toMatchObject({
    label: 'contact',
    title: 'Ada Lovelace',
    note: 'plan: pro',
  });
  expect(lineOf(event(5, { kind: 'account', accountUid: 'acme' }))).toMatchObject({ title: 'acme' });
  expect(lineOf(report(2, skip))).toMatchObject({
    title: 'GET /dashboard',
    note: 'no_contact · Contact unknown',
    aside: '200',
  });
  expect(lineOf(report(3, drop))).toMatchObject({
    title: 'invoice_paid',
    note: 'queue_full · The queue was full · the queue is full',
  });
});
