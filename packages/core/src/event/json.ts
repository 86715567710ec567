import { describe } from '../errors.js';

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object; `undefined` members are left out, as JSON does. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

const maxDepth = 32;

/** The most values, counted as often as they would be written. Our choice: more do not fit into the largest body. */
const maxValues = 20_000;

/**
 * Finds out whether params are an object, and the first value in them that JSON cannot carry: a function, a symbol, a
 * bigint, NaN, a Map, a cycle.
 *
 * @returns what is wrong and where, or `undefined`. Objects with `toJSON`, such as dates, are not looked into.
 */
export function findParamsProblem(params: unknown): string | undefined {
  if (!isObject(params)) return `params: expected an object, got ${describe(params)}`;
  valuesLeft = maxValues;
  const found = search(params, 0);
  return found && `params${found}`;
}

/** The result of an object's `toJSON`, which JSON itself resolves at every level but this one. */
export function resolveToJSON(params: unknown): unknown {
  if (!isObject(params) || typeof params.toJSON !== 'function') return params;
  return params.toJSON('');
}

/** Whether a value is an object with names, not an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How many more values {@link search} looks at. Few objects can stand for millions, by being in each other twice. */
let valuesLeft = 0;

/** Returns the path of a faulty value and its problem. Only a faulty value pays for a path: it grows on the way back. */
function search(value: unknown, depth: number): string | undefined {
  if (--valuesLeft < 0) return `: expected at most ${maxValues} values, got more`;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return undefined;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : `: expected a finite number, got ${value}`;
  }
  if (typeof value !== 'object') return `: expected a JSON value, got ${describe(value)}`;
  if (depth === maxDepth) return `: expected at most ${maxDepth} levels, got more, or a cycle`;
  if (Array.isArray(value)) return searchArray(value, depth);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return undefined;
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    return `: expected a JSON value, got ${describe(value)}`;
  }
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    const found = member === undefined ? undefined : search(member, depth + 1);
    if (found) return `.${key}${found}`;
  }
  return undefined;
}

function searchArray(values: readonly unknown[], depth: number): string | undefined {
  for (const [index, value] of values.entries()) {
    const found = search(value, depth + 1);
    if (found) return `[${index}]${found}`;
  }
  return undefined;
}
