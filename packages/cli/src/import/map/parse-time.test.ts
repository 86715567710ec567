import { describe, expect, it } from 'vitest';
import { parseTime } from './parse-time.js';

const now = Date.parse('2026-11-23T10:00:00Z');

const read = (value: unknown): string => parseTime(value, now).toISOString();

describe('the time of a line', () => {
  it.each([
    ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02T03:04:05.678901Z', '2024-01-02T03:04:05.678Z'],
    ['2024-01-02t03:04z', '2024-01-02T03:04:00.000Z'],
    ['2024-01-02', '2024-01-02T00:00:00.000Z'],
    ['2024-01-02T03:04:05+02:00', '2024-01-02T01:04:05.000Z'],
    ['2024-01-02 03:04:05.123+0530', '2024-01-01T21:34:05.123Z'],
    ['2024-01-02 03:04:05-08', '2024-01-02T11:04:05.000Z'],
    ['2024-01-02 03:04:05 UTC', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02 03:04:05 +01', '2024-01-02T02:04:05.000Z'],
    [' 2024-02-29 03:04 ', '2024-02-29T03:04:00.000Z'],
    [1704164645, '2024-01-02T03:04:05.000Z'],
    [1704164645.5, '2024-01-02T03:04:05.500Z'],
    [1704164645678, '2024-01-02T03:04:05.678Z'],
    ['1704164645', '2024-01-02T03:04:05.000Z'],
    ['1704164645678', '2024-01-02T03:04:05.678Z'],
    [now + 30_000, '2026-11-23T10:00:30.000Z'],
  ])('may be %j', (value, expected) => {
    expect(read(value)).toBe(expected);
  });

  it('without a zone is UTC, wherever it is read', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    try {
      expect(read('2024-01-02 03:04:05')).toBe('2024-01-02T03:04:05.000Z');
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it.each([
    ['01/02/2024', 'got another text'],
    ['2 January 2024', 'got another text'],
    ['2024-02-30', 'got another text'],
    ['2024-13-01', 'got another text'],
    ['2024-01-02T25:00:00Z', 'got an invalid time'],
    ['', 'got another text'],
    [true, 'got a boolean'],
    [{ $date: 1 }, 'got an object'],
    [Number.MAX_VALUE, 'got an invalid time'],
    // A day written as a number, and one of a spreadsheet: neither is seconds.
    [20240102, 'expected a time from 2000 until now, got 1970-08-23'],
    [45293, 'expected a time from 2000 until now, got 1970-01-01'],
    // Microseconds.
    [1704164645678901, 'expected a time from 2000 until now, got +055'],
    [now + 120_000, 'expected a time from 2000 until now, got 2026-11-23T10:02:00.000Z'],
  ])('is not %j', (value, problem) => {
    expect(() => read(value)).toThrow(problem);
  });
});
