/** What stands where a secret was. */
export const masked = '***';

/** A shorter one is no secret worth the name, and would be found in ordinary words. */
const shortestSecret = 8;

const secretName = /authorization|cookie|token|secret|api[-_]?key|password/i;

/** Takes a token out of whatever is to be shown or written. */
export type Mask = (text: string) => string;

/** Makes the mask for the token that a request showed. */
export function maskFor(token: string | undefined): Mask {
  if (token === undefined || token.length < shortestSecret) return (text) => text;
  return (text) => text.replaceAll(token, masked);
}

/** Masks what comes behind a `?`; the names stay. */
export function maskQuery(query: string): string {
  return query.replace(/([^&=]+)=([^&]*)/g, (pair, name: string) =>
    secretName.test(name) ? `${name}=${masked}` : pair,
  );
}

/** Masks a header that tells who somebody is; of an authorization the scheme stays. */
export function maskHeader(name: string, value: string): string {
  if (!secretName.test(name)) return value;
  const scheme = /^(\S+) +\S/.exec(value)?.[1];
  return scheme ? `${scheme} ${masked}` : masked;
}
