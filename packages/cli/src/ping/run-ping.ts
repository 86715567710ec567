import { text } from 'node:stream/consumers';
import { type ExitCode, printable } from '@successeve/command-line';
import { TrackingError } from '@successeve/core';
import { type PingResult, ping } from '@successeve/core/api';
import { inOptionNames } from '../import/show/words.js';
import { bold, dim, green, red, yellow } from '../styles.js';
import { adviceFor } from './advice.js';

/** The options of the command line. */
export interface PingCommandOptions {
  readonly apiUrl?: string;
  readonly tokenStdin?: true;
}

const documentedLimit = '900 requests in 300 s';

/**
 * Asks the API about the token, and prints the answer.
 *
 * @param misuse - ends the command with a usage error
 */
export async function runPing(
  { apiUrl, tokenStdin }: PingCommandOptions,
  misuse: (problem: string) => never,
): Promise<ExitCode> {
  const apiToken = tokenStdin ? (await text(process.stdin)).trim() : process.env.SUCCESSEVE_API_TOKEN;
  if (!apiToken) misuse('expected an API token, got none: set SUCCESSEVE_API_TOKEN, or use --token-stdin');
  const result = await ping({ apiToken, apiUrl }).catch((error) => {
    if (error instanceof TrackingError) misuse(inOptionNames(error.message));
    throw error;
  });
  const isTaken = result.status === 'right' || result.status === 'rate_limited';
  const lines = [verdict(result), `  API     ${result.apiUrl.href.replace(/\/$/, '')}`];
  if (isTaken) lines.push(`  Budget  ${budget(result, Date.now())}`);
  else lines.push(...explanation(result));
  (isTaken ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
  return isTaken ? 0 : 1;
}

function verdict({ status, error }: PingResult): string {
  switch (status) {
    case 'right':
      return green(bold('The token is right.'));
    case 'rate_limited':
      return yellow(bold('The token is right, but its budget is spent.'));
    case 'rejected':
      return failure(`The API does not accept the token: it answered ${error?.status}.`);
    case 'unavailable':
      return failure(`The token could not be checked: ${inOptionNames(error?.message ?? '')}.`);
  }
}

function failure(text: string): string {
  return red(bold(printable(text), process.stderr), process.stderr);
}

function budget({ rateLimit }: PingResult, now: number): string {
  if (rateLimit?.remaining === undefined) return dim(`not reported (documented: ${documentedLimit})`);
  const { limit, remaining, resetsAt } = rateLimit;
  const left = `${remaining}${limit === undefined ? '' : ` of ${limit}`} requests left`;
  return resetsAt === undefined
    ? left
    : `${left}, resets in ${Math.floor(Math.max(0, resetsAt - now) / 1000)} s`;
}

function explanation(result: PingResult): string[] {
  const { body } = result.error ?? {};
  return [...(body ? [`  Answer  ${printable(body)}`] : []), `  Advice  ${adviceFor(result)}`];
}
