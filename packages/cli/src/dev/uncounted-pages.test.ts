import { expect, it } from 'vitest';
import type { Entry } from './protocol.js';
import { UncountedPages } from './uncounted-pages.js';

const at = 1_700_000_000_000;

function skipped(path: string, reason: string, page?: string, method = 'GET'): Entry {
  return { type: 'report', seq: 1, at, report: { type: 'skipped', at, reason, method, path, page } } as Entry;
}

function pageview(visitUrl: string): Entry {
  return { type: 'accepted', seq: 1, at, kind: 'pageview', requestId: 1, index: 0, visitUrl };
}

function uncounted(...entries: readonly Entry[]): readonly string[] {
  const pages = new UncountedPages();
  for (const entry of entries) pages.add(entry);
  return pages.paths(at + 5000);
}

it('finds pages that only calls name', () => {
  expect(
    uncounted(
      pageview('https://app.example.com/'),
      skipped('/api/mails', 'not_a_page', '/inbox'),
      skipped('/api/mails', 'method', '/inbox', 'POST'),
      skipped('/api/user', 'not_a_page', '/'),
      skipped('/api/user', 'not_a_page', '/settings'),
    ),
  ).toEqual(['/inbox', '/settings']);
});

it('leaves out pages that the server or the browser has counted or skipped, in any order', () => {
  expect(
    uncounted(
      skipped('/api', 'not_a_page', '/counted'),
      skipped('/api', 'not_a_page', '/login'),
      skipped('/api', 'not_a_page', '/shown'),
      pageview('https://app.example.com/counted?x=1'),
      skipped('/login', 'no_contact'),
      skipped('/shown', 'too_many', undefined, 'SHOW'),
    ),
  ).toEqual([]);
});

it('waits for pageviews that arrive after the calls of their pages', () => {
  const pages = new UncountedPages();
  pages.add(skipped('/api', 'not_a_page', '/inbox'));
  expect(pages.paths(at + 100)).toEqual([]);
});
