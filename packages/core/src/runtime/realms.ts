/**
 * Whether a value is an error, of whichever realm: in Jest and in `node:vm`, what Node itself throws is not
 * `instanceof` the `Error` that the application sees.
 */
export function isError(value: unknown): value is Error {
  const { isError: isNative } = Error as { isError?: (value: unknown) => boolean };
  if (isNative) return isNative(value);
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** Whether a value is a `Date`, of whichever realm: `fs.stat` makes some of Node's own. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date || Object.prototype.toString.call(value) === '[object Date]';
}
