import { expect, it } from 'vitest';
import { Recent } from './recent.js';

it('keeps at least as many as it was asked to, those that were used last, and at most twice as many', () => {
  const recent = new Recent<number, string>(100);
  recent.set(-1, 'used');
  for (let i = 0; i < 1000; i++) {
    recent.set(i, String(i));
    expect(recent.get(-1)).toBe('used');
  }
  expect(Array.from({ length: 99 }, (_, i) => recent.get(999 - i))).not.toContain(undefined);
  const kept = Array.from({ length: 1000 }, (_, i) => recent.get(i)).filter(Boolean);
  expect(kept.length).toBeLessThanOrEqual(200);
});

it('has the last value of a key, and none after it was deleted', () => {
  const recent = new Recent<string, number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  recent.set('a', 3);
  expect(recent.get('a')).toBe(3);
  recent.delete('a');
  recent.delete('b');
  expect([recent.get('a'), recent.get('b')]).toEqual([undefined, undefined]);
});
