import type { AsymmetricMatcher } from './expected.js';

/** More of it would hide what matters. */
const maxLength = 300;

/** Prints a value in one line, as one writes it in a test. */
export function oneLine(value: unknown): string {
  const line = print(value);
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  if (isAsymmetric(value)) return value.toAsymmetricMatcher?.() ?? String(value);
  if (!isPlainObject(value)) return JSON.stringify(value) ?? String(value);
  const members = Object.entries(value).map(([name, member]) => `${printName(name)}: ${print(member)}`);
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}

function printName(name: string): string {
  return /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name);
}

/** Whether a value is an object with members, and not an array, a date or an asymmetric matcher. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  // By its tag: under Jest, an object may come from outside of the test's own realm.
  return Object.prototype.toString.call(value) === '[object Object]' && !isAsymmetric(value);
}

function isAsymmetric(value: unknown): value is AsymmetricMatcher & { toAsymmetricMatcher?(): string } {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value;
}
