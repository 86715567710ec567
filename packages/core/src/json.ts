import { describe } from './errors.js';

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object; `undefined` members are left out, as JSON does. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

const maxDepth = 32;

/**
 * Finds the first value that JSON would lose or refuse: a function, a symbol, a bigint, NaN, a Map, a cycle.
 *
 * @returns what is wrong and where, or `undefined`. Objects with `toJSON`, such as dates, are taken at their word.
 */
export function findNonJson(value: unknown, path: string, depth = 0): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `${path}: expected a finite number, got ${value}`;
    case 'object':
      break;
    default:
      return `${path}: expected a JSON value, got ${describe(value)}`;
  }
  if (value === null) return undefined;
  if (depth === maxDepth) return `${path}: expected at most ${maxDepth} levels, got more, or a cycle`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = findNonJson(value[i], `${path}[${i}]`, depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return undefined;
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    return `${path}: expected a JSON value, got ${describe(value)}`;
  }
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    const problem = findNonJson(member, `${path}.${key}`, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}
