import { expect, it } from 'vitest';
import { type NewRequest, type NewRequestEntry, Store } from './store.js';

const request: NewRequest = { at: 0, method: 'POST', target: '/', headers: '[]', body: '' };
const entry: NewRequestEntry = { type: 'accepted', at: 0, kind: 'event', index: 0 };
const entries = (count: number): NewRequestEntry[] => Array(count).fill(entry);
const report = {
  type: 'report',
  at: 0,
  report: { type: 'warning', at: 0, code: 'proxy', message: '' },
} as const;

const openStore = (maxEntries: number, maxBytes = 1e6): Store => new Store(maxEntries, maxBytes, () => {});
const seqs = (store: Store): number[] => store.entriesAfter(0, 100).map(({ seq }) => seq);

it('forgets the oldest entries when there are too many, and a request with the last of its entries', () => {
  const store = openStore(4);
  store.addRequest(request, entries(2));
  store.addRequest(request, entries(2));
  expect(seqs(store)).toEqual([1, 2, 3, 4]);
  store.addReports([report]);
  expect(seqs(store)).toEqual([2, 3, 4, 5]);
  expect(store.request(1)).toBeDefined();
  store.addReports([report]);
  expect(seqs(store)).toEqual([3, 4, 5, 6]);
  expect(store.request(1)).toBeUndefined();
  expect(store.request(2)).toBeDefined();
});

it('forgets the oldest when they take too much memory', () => {
  const store = openStore(1000, 50_000);
  for (let i = 0; i < 10; i++) store.addRequest({ ...request, body: 'x'.repeat(10_000) }, entries(1));
  expect(seqs(store)).toEqual([9, 10]);
  expect(store.request(8)).toBeUndefined();
});

it('keeps no request that is too large for it', () => {
  const store = openStore(1000, 50_000);
  store.addRequest({ ...request, body: 'x'.repeat(100_000) }, entries(3));
  expect(seqs(store)).toEqual([]);
  expect(store.request(1)).toBeUndefined();
  store.addRequest(request, entries(1));
  expect(seqs(store)).toEqual([4]);
});

it('keeps no request of which nothing came', () => {
  const store = openStore(10);
  store.addRequest(request, []);
  expect(store.request(1)).toBeUndefined();
});

it('gives what came after an entry, no more than asked for', () => {
  const store = openStore(10);
  store.addRequest(request, entries(5));
  expect(store.entriesAfter(2, 2).map(({ seq }) => seq)).toEqual([3, 4]);
  expect(store.entriesAfter(5, 2)).toEqual([]);
});

it('forgets everything on demand, and goes on counting', () => {
  const store = openStore(10);
  store.addRequest(request, entries(3));
  store.clear();
  expect(store.clearedUpTo).toBe(3);
  expect(store.request(1)).toBeUndefined();
  store.addRequest(request, entries(1));
  expect(store.entriesAfter(0, 10)).toMatchObject([{ seq: 4, requestId: 2 }]);
});
