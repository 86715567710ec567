import { type ExitCode, printable } from '@successeve/command-line';
import { type PingResult, ping } from '@successeve/core/api';
import { type ApiOptions, inOptionNames, readToken } from '../api-options.js';
import { bold, dim, green, red, yellow } from '../styles.js';
import { adviceFor } from './advice.js';

const documentedLimit = '900 requests in 300 s';

export async function runPing(options: ApiOptions): Promise<ExitCode> {
  const result = await ping({ apiToken: await readToken(options), apiUrl: options.apiUrl });
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
