import { masked } from './mask.js';
import type { RequestDetails } from './protocol.js';

/** What curl says by itself, or what the connection of the moment said. */
const leftOut =
  /^(host|connection|keep-alive|content-length|transfer-encoding|expect|te|trailer|upgrade|accept|accept-encoding|user-agent|authorization)$/i;

/** The longest body on a command line; systems take 128 KiB. */
const maxBodyCharacters = 100_000;

/** A command that repeats a request; the token is a variable of the shell in it. */
export function curlFor(
  apiUrl: string,
  { method, target, headers, body }: Omit<RequestDetails, 'curl'>,
): string {
  const parts = [`curl -X ${quote(method)} ${quoteMasked(apiUrl + target)}`];
  const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  if (/^basic\b/i.test(authorization)) parts.push('-u "$SUCCESSEVE_API_TOKEN:"');
  else if (authorization !== '') parts.push(`-H ${quoteMasked(`Authorization: ${authorization}`)}`);
  for (const [name, value] of headers) {
    if (!leftOut.test(name)) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (body.length > maxBodyCharacters) parts.push('--data-binary @body.json');
  else if (body !== '') parts.push(`--data-raw ${quote(body)}`);
  return parts.join(' \\\n  ');
}

/** Quotes a text in which the token was masked; the shell puts it back. */
function quoteMasked(text: string): string {
  return text.split(masked).map(quote).join('"$SUCCESSEVE_API_TOKEN"');
}

/** Makes a text one word of a shell, whatever is in it. */
function quote(text: string): string {
  return /^[\w./:=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
