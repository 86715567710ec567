import { text } from 'node:stream/consumers';
import { printable, UsageError } from '@successeve/command-line';

/** The options of a command that asks the API. */
export interface ApiOptions {
  readonly apiUrl?: string;
  readonly tokenStdin?: true;
}

/**
 * Reads the API token, from standard input or the environment.
 *
 * @throws UsageError if it is missing or empty.
 */
export async function readToken({ tokenStdin }: ApiOptions): Promise<string> {
  const token = tokenStdin ? (await text(process.stdin)).trim() : process.env.SUCCESSEVE_API_TOKEN;
  if (token) return token;
  throw new UsageError('expected an API token, got none: set SUCCESSEVE_API_TOKEN, or use --token-stdin');
}

/** Replaces the tracker's names of options in a message by those of the command line. */
export function inOptionNames(message: string): string {
  return printable(message)
    .replaceAll(" with auth: 'basic'", '')
    .replaceAll('apiToken', 'SUCCESSEVE_API_TOKEN')
    .replaceAll('apiUrl', '--api-url or SUCCESSEVE_API_URL');
}
