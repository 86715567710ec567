import { counted } from '@successeve/command-line';

/** `2 events without a time (created_at)`. */
export function undated(count: number): string {
  return `${counted(count, 'event')} without a time (created_at)`;
}

/** `14:02:10`, in the local time zone. */
export function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** The type of a value in words, without its content, which may be personal. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
