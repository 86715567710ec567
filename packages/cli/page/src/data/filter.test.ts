import { expect, it } from 'vitest';
import { type Entry, traitOf } from './entry.js';
import { type Filter, isNarrowing, matcher, noFilter } from './filter.js';
import { drop, event, rejection, report, skip } from './test-entries.js';

const entries: readonly Entry[] = [
  event(1, { displayName: 'Registration', accountUid: 'acme' }),
  event(2, {
    kind: 'pageview',
    eventUid: 'pageview',
    visitUrl: 'https://myproduct.com/Onboarding',
    contactUid: 'grace',
  }),
  event(3, { kind: 'contact', eventUid: undefined }),
  event(4, { kind: 'account', eventUid: undefined, contactUid: undefined, accountUid: 'acme' }),
  rejection(5, {
    problem: 'body.event_uid: expected a name in snake_case',
    eventUid: 'User Registered',
    contactUid: 'ada',
  }),
  report(6, skip),
  report(7, drop),
  report(8, { type: 'warning', at: 1, code: 'proxy', message: 'a proxy says how the site was reached' }),
];

function found(filter: Partial<Filter>): number[] {
  const matches = matcher({ ...noFilter, ...filter });
  return entries.filter(matches).map(({ seq }) => seq);
}

it.each<[name: string, filter: Partial<Filter>, expected: number[]]>([
  ['everything without a filter', {}, [1, 2, 3, 4, 5, 6, 7, 8]],
  ['one kind', { kinds: ['event'] }, [1]],
  ['contacts and accounts as one kind', { kinds: ['update'] }, [3, 4]],
  ['several kinds', { kinds: ['rejected', 'skipped', 'dropped', 'notice'] }, [5, 6, 7, 8]],
  ['all that a contact did, and what became of it', { contact: 'grace' }, [2, 7]],
  ['what belongs to an account', { account: 'acme' }, [1, 4]],
  ['an event by its name, also rejected or dropped', { event: 'User Registered' }, [5]],
  ['no pageview by the name that they all have', { event: 'pageview' }, []],
  ['a reason', { reason: 'no_contact' }, [6]],
  ['a search, in any case', { search: 'ONBOARDING' }, [2]],
  ['all words of a search, in any order', { search: 'snake_case expected' }, [5]],
  ['none that has only some of the words', { search: 'snake_case grace' }, []],
  ['what a reason means, in words', { search: 'contact unknown' }, [6]],
  ['a status', { search: '400' }, [5]],
  ['all of it together', { search: 'regist', kinds: ['event', 'rejected'], contact: 'ada' }, [1, 5]],
])('finds %s', (_, filter, expected) => {
  expect(found(filter)).toEqual(expected);
});

it('does not find words that only meet where two parts do', () => {
  expect(found({ search: 'registrationhttps' })).toEqual([]);
});

it('returns whether anything is narrowed', () => {
  expect(isNarrowing(noFilter)).toBe(false);
  expect(isNarrowing({ ...noFilter, search: '  ' })).toBe(false);
  expect(isNarrowing({ ...noFilter, contact: 'ada' })).toBe(true);
});

it('offers nothing to narrow by where a text is empty, or a pageview was rejected', () => {
  const odd = [
    rejection(1, { contactUid: '', eventUid: 'pageview' }),
    event(2, { kind: 'pageview', eventUid: 'pageview', contactUid: undefined, accountUid: '' }),
    report(3, { ...drop, contactUid: '', eventUid: '' } as typeof drop),
  ];
  for (const entry of odd) {
    for (const trait of ['event', 'contact', 'account'] as const)
      expect(traitOf(entry, trait)).toBeUndefined();
  }
});

it('searches the cause of an error, and the page that made a call', () => {
  const matches = matcher({ ...noFilter, search: '/inbox' });
  const error = { type: 'error', at: 1, code: 'callback_failed', message: 'identify failed' } as const;
  expect(matches(report(1, { ...error, cause: 'no session for /inbox' }))).toBe(true);
  const call = { type: 'skipped', at: 1, reason: 'not_a_page', method: 'GET', path: '/api' } as const;
  expect(matches(report(2, { ...call, page: '/inbox' }))).toBe(true);
  expect(matches(report(3, error))).toBe(false);
});
