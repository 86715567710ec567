/** A time of the day, to the millisecond, where the reader is. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A time of the day, with its date unless that is today's. */
export function timeAndDay(at: number, now: number = Date.now()): string {
  return isOfDay(at, now) ? timeOfDay(at) : dayAndTime(at);
}

/** A span of time, its start and its end written in the same way. */
export function timeSpan(from: number, to: number, now: number = Date.now()): string {
  const text = isOfDay(from, now) && isOfDay(to, now) ? timeOfDay : dayAndTime;
  return `${text(from)} to ${text(to)}`;
}

/** Whether something was on the same day as something else, where the reader is. */
export function isOfDay(at: number, other: number): boolean {
  return new Date(at).toDateString() === new Date(other).toDateString();
}

/** As Swedes write it: `2026-11-25 12:00:00`. */
function dayAndTime(at: number): string {
  return new Date(at).toLocaleString('sv');
}

const full = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});

/** The date and the time in full, in the reader's own way. */
export function fullTime(at: number): string {
  return full.format(at);
}

const steps: readonly (readonly [unitMs: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A duration in its largest unit, such as `340 ms`, `2.5 s`, `5 min`. */
export function duration(ms: number): string {
  const [unitMs, unit] = steps.find(([unitMs]) => ms >= unitMs) ?? [1, 'ms'];
  const value = ms / unitMs;
  return `${value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value)} ${unit}`;
}

/** The rest of a time in minutes and seconds: `3:07`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How much later than it happened something arrived, where that is worth saying. */
export function lateness(occurredAt: number | undefined, at: number): string | undefined {
  const ms = occurredAt === undefined ? 0 : at - occurredAt;
  return ms >= 1000 ? `${duration(ms)} late` : undefined;
}
