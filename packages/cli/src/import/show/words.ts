import { counted, printable } from '@successeve/command-line';

/** `2 events without a time (created_at)`. */
export function undated(count: number): string {
  return `${counted(count, 'event')} without a time (created_at)`;
}

/** `14:02:10`, in the local time zone. */
export function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** Replaces the tracker's names of options in a message by those of the command line. */
export function inOptionNames(message: string): string {
  return printable(message)
    .replaceAll(" with auth: 'basic'", '')
    .replaceAll('apiToken', 'SUCCESSEVE_API_TOKEN')
    .replaceAll('apiUrl', '--api-url or SUCCESSEVE_API_URL');
}

/** The type of a value in words, without its content, which may be personal. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
