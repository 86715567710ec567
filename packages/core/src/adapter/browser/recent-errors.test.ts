import { expect, it } from 'vitest';
import { RecentErrors } from './recent-errors.js';

it('knows which pages were an error for a contact', () => {
  const errors = new RecentErrors();

  errors.remember('ada', '/gone', 0);

  expect(errors.has('ada', '/gone', 1)).toBe(true);
  expect(errors.has('ada', '/gone?a=1', 1)).toBe(false);
  expect(errors.has('bob', '/gone', 1)).toBe(false);
  expect([errors.hasPage('/gone'), errors.hasPage('/other')]).toEqual([true, false]);
});

it('forgets an error when the page is there again, for that contact alone', () => {
  const errors = new RecentErrors();
  errors.remember('ada', '/gone', 0);
  errors.remember('ada', '/gone', 1);
  errors.remember('bob', '/gone', 1);

  errors.forget('ada', '/gone');

  expect([errors.has('ada', '/gone', 2), errors.has('bob', '/gone', 2)]).toEqual([false, true]);
  expect(errors.hasPage('/gone')).toBe(true);
  errors.forget('bob', '/gone');
  expect(errors.hasPage('/gone')).toBe(false);
});

it('forgets an error after five minutes, since another process may have answered since', () => {
  const errors = new RecentErrors();
  errors.remember('ada', '/gone', 0);

  expect([errors.has('ada', '/gone', 300_000), errors.has('ada', '/gone', 300_001)]).toEqual([true, false]);
});

it('forgets the oldest of many', () => {
  const errors = new RecentErrors();

  for (let i = 0; i <= 5_000; i++) errors.remember('ada', `/gone/${i}`, 0);

  expect([0, 1, 5_000].map((i) => errors.has('ada', `/gone/${i}`, 0))).toEqual([false, true, true]);
  expect([0, 1].map((i) => errors.hasPage(`/gone/${i}`))).toEqual([false, true]);
});
