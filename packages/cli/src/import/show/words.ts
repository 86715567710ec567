import { printable } from '../../styles.js';

const numbers = new Intl.NumberFormat('en');

/** `1,234,567`. */
export function grouped(count: number): string {
  return numbers.format(count);
}

/** `1 line`, `2 lines`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2 events without a time`: the API takes them as of now, and nobody can date them later. */
export function undated(count: number): string {
  return `${counted(count, 'event')} without a time (created_at)`;
}

/** How long something takes, in the two largest units that say enough. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `14:02:10`, where whoever reads it is. */
export function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** A word of a command line, as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Names of a tracker's options, as somebody at the command line knows them. */
export function inOptionNames(message: string): string {
  return printable(message)
    .replaceAll(" with auth: 'basic'", '')
    .replaceAll('apiToken', 'SUCCESSEVE_API_TOKEN')
    .replaceAll('apiUrl', '--api-url or SUCCESSEVE_API_URL');
}

/** The type of a value, in words: its content may be personal. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
