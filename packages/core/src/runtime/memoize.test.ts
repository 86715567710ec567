import { expect, it, vi } from 'vitest';
import { memoize } from './memoize.js';

it('asks once for each text', () => {
  const isLong = vi.fn((text: string) => text.length > 3);
  const remembered = memoize(isLong);

  expect(['abc', 'abcd', 'abc', 'abcd'].map(remembered)).toEqual([false, true, false, true]);
  expect(isLong.mock.calls).toEqual([['abc'], ['abcd']]);
});

it('forgets, so that made-up names cannot fill the memory', () => {
  const echo = vi.fn((text: string) => text);
  const remembered = memoize(echo);

  for (let i = 0; i < 1001; i++) remembered(`made_up_${i}`);

  expect(remembered('made_up_0')).toBe('made_up_0');
  expect(echo).toHaveBeenCalledTimes(1002);
});
