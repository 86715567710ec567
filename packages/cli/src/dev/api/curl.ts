import { controls, escapeControls, shellWord } from '@successeve/command-line';
import { isJson } from '../is-json.js';
import type { RequestDetails } from '../protocol.js';
import { masked } from './mask.js';

/** Headers that curl sends by itself, or that belong to the connection. */
const leftOut =
  /^(host|connection|keep-alive|content-length|transfer-encoding|expect|te|trailer|upgrade|accept|accept-encoding|user-agent|sec-fetch-mode|authorization)$/i;

/** The longest body on a command line; systems accept 128 KiB. */
const maxBodyCharacters = 100_000;

/** Returns a command that repeats a request; the masked token becomes a shell variable. */
export function curlFor(
  apiUrl: string,
  { method, target, headers, body }: Omit<RequestDetails, 'curl'>,
  takesAnyToken: boolean,
): string {
  // Where the API accepts any token, the command also works without the variable.
  const token = takesAnyToken ? `\${SUCCESSEVE_API_TOKEN:-anything}` : '$SUCCESSEVE_API_TOKEN';
  const quoteMasked = (text: string): string =>
    text
      .split(masked)
      .map((part) => part && visibleWord(part))
      .join(`"${token}"`);
  const parts = [`curl -X ${shellWord(method)} ${quoteMasked(apiUrl + target)}`];
  const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  if (/^basic\b/i.test(authorization)) parts.push(`-u "${token}:"`);
  else if (authorization !== '') parts.push(`-H ${quoteMasked(`Authorization: ${authorization}`)}`);
  for (const [name, value] of headers) {
    if (!leftOut.test(name) && !isAnyLanguage(name, value))
      parts.push(`-H ${visibleWord(`${name}: ${value}`)}`);
  }
  if (body.length > maxBodyCharacters) parts.push('--data-binary @body.json');
  else if (body !== '') parts.push(`--data-raw ${bodyWord(body)}`);
  return parts.join(' \\\n  ');
}

/** JSON has escapes of its own, which any shell passes on. */
function bodyWord(body: string): string {
  if (escapeControls(body) === body || !isJson(body)) return visibleWord(body);
  // Outside of strings, JSON has no other control characters than line breaks and tabs.
  return shellWord(escapeControls(body.replaceAll('\r', '')));
}

/** A word of a shell in visible characters, so that the command copies as it is shown. */
function visibleWord(text: string): string {
  if (escapeControls(text) === text) return shellWord(text);
  const format = text.replace(/[\\%]/g, '$&$&').replaceAll("'", "'\\''");
  return `"$(printf '${format.replace(controls, octal)}')"`;
}

function octal(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** The `fetch` of Node sends this by itself. */
function isAnyLanguage(name: string, value: string): boolean {
  return name.toLowerCase() === 'accept-language' && value === '*';
}
