const maxCharacters = 80;

/** What came, in words short enough for an error message; a text is shown whole or not at all. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return describeObject(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  return value.length > maxCharacters ? `a string of ${value.length} characters` : JSON.stringify(value);
}

/** Such as `a Promise`: what somebody forgot to await is most often what came. */
function describeObject(value: object): string {
  const name = value.constructor?.name || 'Object';
  return name === 'Object' ? 'an object' : `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Takes a token out of the part of a message that tells what came; what was expected is in our words. */
export function hideToken(message: string, token: string): string {
  const came = message.indexOf(', got ');
  if (came < 0) return message;
  const asDescribed = JSON.stringify(token).slice(1, -1);
  return message.slice(0, came) + message.slice(came).replaceAll(asDescribed, '[the token]');
}
