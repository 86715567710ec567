import { describe } from '../errors.js';
import type { SchemaIssue } from './standard-schema.js';

/** Some libraries also say what came, in their own words. */
interface Issue extends SchemaIssue {
  readonly received?: unknown;
  readonly actual?: unknown;
}

/**
 * Puts what a schema found wrong with params into words: where, and what was expected and came. What came is reported as
 * {@link describe} does, and cut out of the library's own message, which often repeats it.
 */
export function schemaProblem(issues: readonly SchemaIssue[], params: unknown): string {
  const issue: Issue = issues[0] ?? { message: 'it does not say why' };
  const keys = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  const came = keys.reduce(memberOf, params);
  const message = withoutValues(issue.message, [issue.received, issue.actual, came]);
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : '';
  return `params${keys.map(written).join('')}: expected what the schema takes, got ${describe(came)} (${message})${more}`;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
}

/** A key that is not a name may be data, such as an address. */
function written(key: PropertyKey): string {
  if (typeof key === 'number') return `[${key}]`;
  return typeof key === 'string' && /^\w{1,60}$/.test(key) ? `.${key}` : '[…]';
}

function withoutValues(message: string, values: readonly unknown[]): string {
  return values.flatMap(textsIn).reduce((text, value) => {
    const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    // Only whole words: a value such as "a" is in nearly every sentence.
    return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'giu'), '…');
  }, message);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
