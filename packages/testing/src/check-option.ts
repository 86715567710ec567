import { describeValue } from './describe-value.js';

/** @throws TypeError for an unknown name: a mistyped option would be ignored unnoticed. */
export function checkNames(where: string, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${where}: expected ${names.join(', ')}, got ${unknown}`);
}

/** @throws RangeError for anything but a whole number in that range, or none at all */
export function checkRange(where: string, value: number | undefined, from: number, to: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return;
  throw new RangeError(
    `${where}: expected a whole number from ${from} to ${to}, got ${describeValue(value)}`,
  );
}

/** @throws TypeError for anything but a boolean, or none at all */
export function checkBoolean(where: string, value: boolean | undefined): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new TypeError(`${where}: expected true or false, got ${describeValue(value)}`);
}
