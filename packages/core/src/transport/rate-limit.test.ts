import { describe, expect, it } from 'vitest';
import { readRateLimit } from './rate-limit.js';

const now = Date.parse('2026-11-23T10:00:00.000Z');
const read = (status: number, headers: Record<string, string>): ReturnType<typeof readRateLimit> =>
  readRateLimit(status, (name) => headers[name], now);

describe('a budget that the API reports', () => {
  it.each([
    ['a delay', '30', 30_000],
    ['no delay', '0', 0],
    ['the longest delay there can be, cut to 15 minutes', '999999999', 900_000],
    ['a Unix time', String(now / 1000 + 30), 30_000],
    ['a Unix time in milliseconds', String(now + 30_000), 30_000],
    ['a Unix time that has passed', '1000000000', 0],
    ['a date', 'Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
  ])('may give its reset as %s', (_, reset, ms) => {
    expect(read(200, { 'x-ratelimit-reset': reset })?.resetsAt).toBe(now + ms);
  });

  it.each([
    ['five minutes ahead of ours', '2026-11-23T10:05:00.000Z', 'Mon, 23 Nov 2026 10:05:30 GMT'],
    ['five minutes behind ours', '2026-11-23T09:55:00.000Z', 'Mon, 23 Nov 2026 09:55:30 GMT'],
  ])('may give its reset by a clock that is %s, which Date shows', (_, there, reset) => {
    const date = new Date(there).toUTCString();
    const unixTime = String(Date.parse(reset) / 1000);
    for (const value of [reset, unixTime]) {
      expect(read(200, { date, 'x-ratelimit-reset': value })?.resetsAt).toBe(now + 30_000);
      expect(read(429, { date, 'retry-after': value })?.resetsAt).toBe(now + 30_000);
    }
    expect(read(429, { date, 'retry-after': '30' })?.resetsAt).toBe(now + 30_000);
  });

  it('is not waited for longer because Date has no milliseconds, or is nonsense', () => {
    for (const date of ['Mon, 23 Nov 2026 09:59:59 GMT', 'yesterday'])
      expect(read(200, { date, 'x-ratelimit-reset': String(now / 1000 + 30) })?.resetsAt).toBe(now + 30_000);
  });

  it('is waited for as long as the longest of its headers says', () => {
    expect(read(429, { 'x-ratelimit-reset': '30', 'retry-after': '40' })?.resetsAt).toBe(now + 40_000);
    expect(read(429, { 'x-ratelimit-reset': '30', 'retry-after': '20' })?.resetsAt).toBe(now + 30_000);
  });

  it('is not what Retry-After means on a 503', () => {
    expect(read(503, { 'retry-after': '3600' })).toBeUndefined();
  });

  it('may be reported in part, or by invalid headers, which are ignored', () => {
    expect(read(200, { 'x-ratelimit-remaining': '7' })).toEqual({ remaining: 7 });
    expect(read(200, { 'x-ratelimit-remaining': '-1', 'x-ratelimit-limit': 'many' })).toBeUndefined();
    expect(read(429, { 'retry-after': 'soon' })).toBeUndefined();
    expect(read(200, {})).toBeUndefined();
  });
});
