const maxCharacters = 80;

/** Describes a value in an error message; a long string only by its length. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return describeObject(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  return value.length > maxCharacters ? `a string of ${value.length} characters` : JSON.stringify(value);
}

/** Such as `a Promise`, which is often a forgotten await. */
function describeObject(value: object): string {
  const name = value.constructor?.name || 'Object';
  return name === 'Object' ? 'an object' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Masks a token in the part of a message that describes what came. */
export function hideToken(message: string, token: string): string {
  const got = message.indexOf(', got ');
  if (got < 0) return message;
  const asDescribed = JSON.stringify(token).slice(1, -1);
  return message.slice(0, got) + message.slice(got).replaceAll(asDescribed, '[the token]');
}
