import { describe, expect, it } from 'vitest';
import { documentMark, isAnsweredByServer, leftDocumentMark } from './document-mark.js';
import type { FirstPage } from './report.js';

const now = 1_764_342_000_000;

function isAnswered(first: Partial<FirstPage>, isLeft = false): boolean {
  const page = { document: '/', mark: undefined, sinceMs: 3_000, isUnasked: false, ...first };
  return isAnsweredByServer(page, isLeft, now);
}

it('is an entry of Server-Timing with the time', () => {
  expect(documentMark(now)).toBe('seen;desc=1764342000000');
  expect(leftDocumentMark).toBe('seen;desc=0');
});

describe('a first page', () => {
  it.each([
    ['was made in this navigation', now - 2_500, true],
    ['was made when it began, by a clock that is two seconds behind', now - 5_000, true],
    ['was made before it', now - 5_001, false],
    ['was made by a clock that is ahead', now + 60_000, true],
    ['is left to the browser', 0, false],
  ])('of a document whose mark %s', (_, mark, expected) => {
    expect(isAnswered({ mark })).toBe(expected);
  });

  it('of a document without a mark was answered by the server', () => {
    expect(isAnswered({})).toBe(true);
  });

  it('was not, where the browser knows that the server was not asked', () => {
    expect(isAnswered({ isUnasked: true })).toBe(false);
    // A document that comes back from the back-forward cache has the mark of its own navigation.
    expect(isAnswered({ isUnasked: true, mark: now - 1_000 })).toBe(false);
  });

  it('of a document that is left to the browser was not, wherever that came from', () => {
    expect(isAnswered({}, true)).toBe(false);
  });
});
