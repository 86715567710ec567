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

/** A value that JSON cannot carry, and where it is. */
interface NonJson {
  readonly path: string;
  readonly problem: string;
}

/**
 * Finds the first value that JSON cannot carry: a function, a symbol, a bigint, NaN, a Map, a cycle.
 *
 * @returns what is wrong and where, or `undefined`. Objects with `toJSON`, such as dates, are not looked into.
 */
function findNonJson(value: object, name: string): string | undefined {
  valuesLeft = maxValues;
  const found = search(value, 0);
  return found && `${name}${found.path}: ${found.problem}`;
}

/** The same for params, which have to be an object. */
export function findParamsProblem(params: unknown): string | undefined {
  return isObject(params)
    ? findNonJson(params, 'params')
    : `params: expected an object, got ${describe(params)}`;
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

// The path is put together on the way back, so that only a faulty value pays for it.
function search(value: unknown, depth: number): NonJson | undefined {
  if (--valuesLeft < 0) return { path: '', problem: `expected at most ${maxValues} values, got more` };
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return undefined;
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? undefined
      : { path: '', problem: `expected a finite number, got ${value}` };
  }
  if (typeof value !== 'object')
    return { path: '', problem: `expected a JSON value, got ${describe(value)}` };
  if (depth === maxDepth)
    return { path: '', problem: `expected at most ${maxDepth} levels, got more, or a cycle` };
  if (Array.isArray(value)) return searchArray(value, depth);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return undefined;
  if (Object.prototype.toString.call(value) !== '[object Object]') {
    return { path: '', problem: `expected a JSON value, got ${describe(value)}` };
  }
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    const found = member === undefined ? undefined : search(member, depth + 1);
    if (found) return { path: `.${key}${found.path}`, problem: found.problem };
  }
  return undefined;
}

function searchArray(values: readonly unknown[], depth: number): NonJson | undefined {
  for (const [index, value] of values.entries()) {
    const found = search(value, depth + 1);
    if (found) return { path: `[${index}]${found.path}`, problem: found.problem };
  }
  return undefined;
}
