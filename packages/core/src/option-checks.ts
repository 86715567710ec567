import { invalidOption } from './errors.js';
import { longestTimerMs } from './runtime/timers.js';

/*
 * Checks that options of several parts have in common. Each throws a TrackingError with the code `invalid_options` that
 * says what was expected and what came.
 */

/** A message that names an option that is not among the known ones; `undefined` where there is none. */
export function findUnknownOption(
  options: object,
  known: Readonly<Record<string, true>>,
): string | undefined {
  const name = Object.keys(options).find((key) => !Object.hasOwn(known, key));
  return name && `unknown option ${JSON.stringify(name)}; known options: ${Object.keys(known).join(', ')}`;
}

export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw invalidOption(name, 'a function', value);
}

/** Checks an object of the application's, where one is given: a queue, a transport, a logger. */
export function checkMethods(name: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return;
  const has = (method: string): boolean => typeof (value as Record<string, unknown>)[method] === 'function';
  if (typeof value === 'object' && value !== null && methods.every(has)) return;
  throw invalidOption(name, `an object with the methods ${methods.join(', ')}`, value);
}

export function readMilliseconds(name: string, value: unknown, min: number): number {
  if (typeof value === 'number' && value >= min && value <= longestTimerMs) return value;
  throw invalidOption(name, `a number of milliseconds from ${min} to ${longestTimerMs}`, value);
}

export function readBoolean(name: string, value: unknown, defaultValue: boolean): boolean {
  if (value === undefined) return defaultValue;
  if (typeof value !== 'boolean') throw invalidOption(name, 'true or false', value);
  return value;
}

export function readOneOf<const Value>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value;
  throw invalidOption(name, allowed.map((one) => JSON.stringify(one)).join(' or '), value);
}
