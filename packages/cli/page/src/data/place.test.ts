import { expect, it } from 'vitest';
import { noFilter } from './filter.js';
import { readPlace, writePlace } from './place.js';

it('comes back unchanged', () => {
  const place = {
    filter: {
      search: 'a b&c=#ü',
      kinds: ['event', 'rejected'],
      contact: 'ada+1@example.com',
      reason: 'no_contact',
    },
    open: { run: '1f0c.2', seq: 42 },
  } as const;
  expect(readPlace(writePlace(place))).toEqual(place);
});

it('is nothing where nothing is narrowed or open', () => {
  expect(writePlace({ filter: noFilter, open: undefined })).toBe('');
  expect(readPlace('')).toEqual({ filter: noFilter, open: undefined });
});

it('leaves out what it does not understand', () => {
  expect(
    readPlace('#contact=&event=&kind=event,nonsense,__proto__&open=here&constructor=x&%E0%A4%A'),
  ).toEqual({
    filter: { search: '', kinds: ['event'] },
    open: undefined,
  });
});
