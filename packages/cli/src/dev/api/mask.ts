export const masked = '***';

/** A shorter token is not a secret, and would be found in ordinary words. */
const shortestSecret = 8;

const secretName = /authorization|cookie|token|secret|api[-_]?key|password/i;

/** Returns a function that removes a token from a text. */
export function maskFor(token: string | undefined): (text: string) => string {
  if (token === undefined || token.length < shortestSecret) return (text) => text;
  return (text) => text.replaceAll(token, masked);
}

/** Masks the secrets of a query; the names stay. */
export function maskQuery(query: string): string {
  return query.replace(/([^&=]+)=([^&]*)/g, (pair, name: string) =>
    secretName.test(name) ? `${name}=${masked}` : pair,
  );
}

/** Masks a header that identifies a person; of an authorization the scheme stays. */
export function maskHeader(name: string, value: string): string {
  if (!secretName.test(name)) return value;
  const scheme = /^(\S+) +\S/.exec(value)?.[1];
  return scheme ? `${scheme} ${masked}` : masked;
}
