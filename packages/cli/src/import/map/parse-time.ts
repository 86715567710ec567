import { typeOf } from '../show/words.js';

/** Dates and times as ISO 8601 and databases write them: `2026-11-23`, `2026-11-23 10:00:00.123 +01`, `…T10:00Z`. */
const written =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?)?$/i;

/** Numbers below it are seconds, and above it milliseconds: the year 5138 as the one, 1973 as the other. */
const firstMs = 1e11;

/** Earlier times are errors: a number that is not a time usually falls before it. */
const earliest = Date.UTC(2000, 0, 1);

/** How far the clock of the file's machine may be ahead of ours. */
const aheadMs = 60_000;

const expected = 'expected ISO 8601, or seconds or milliseconds since 1970';

/**
 * Parses a time. Without a zone it is UTC, on every machine.
 *
 * @throws RangeError with what was expected and what came
 */
export function parseTime(value: unknown, now: number): Date {
  const ms = typeof value === 'number' ? fromNumber(value) : fromText(value);
  if (ms === undefined) {
    throw new RangeError(`${expected}, got ${typeof value === 'string' ? 'another text' : typeOf(value)}`);
  }
  const time = new Date(ms);
  if (Number.isNaN(time.getTime())) throw new RangeError(`${expected}, got an invalid time`);
  if (ms < earliest || ms > now + aheadMs) {
    throw new RangeError(`expected a time from 2000 until now, got ${time.toISOString()}`);
  }
  return time;
}

function fromNumber(value: number): number {
  return Math.abs(value) < firstMs ? value * 1000 : value;
}

function fromText(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const [, date, time = '00:00', seconds = ':00', zone = 'Z'] = written.exec(text) ?? [];
  if (date === undefined || !isDate(date)) return undefined;
  return Date.parse(`${date}T${time}${seconds}${inFull(zone)}`);
}

/** Whether the calendar has this day: `Date` reads 30 February as a day in March. */
function isDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).getUTCDate() === Number(date.slice(-2));
}

/** A zone in full ISO 8601; databases shorten it. */
function inFull(zone: string): string {
  if (/^(Z|UTC)$/i.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
