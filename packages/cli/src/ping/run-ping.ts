import { type ExitCode, printable } from '@successeve/command-line';
import { type PingResult, ping } from '@successeve/core/api';
import { type ApiOptions, inOptionNames, readToken } from '../api-options.js';
import { bold, dim, green, red, yellow } from '../styles.js';

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

const byStatus: Readonly<Record<number, string>> = {
  400: 'Is SUCCESSEVE_API_TOKEN complete? The API answers 400 for a token that is missing or of another form.',
  401: 'Copy the token again from the settings of your SuccessEve account, and check for quotes or spaces around it.',
  403: 'Copy the token again from the settings of your SuccessEve account. If it is right, something between here and the API, such as a proxy, rejects the request.',
  404: 'The API is not at this URL. Without SUCCESSEVE_API_URL it is at https://api.successeve.com.',
  405: 'The API is not at this URL. Without SUCCESSEVE_API_URL it is at https://api.successeve.com.',
  503: 'The API is down for maintenance. Your application keeps its events until it is back; nothing to do.',
};

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'Nothing is listening there. If you meant successeve dev, start it; otherwise check SUCCESSEVE_API_URL.',
  ENOTFOUND: 'The host does not exist, or this machine has no network. Check SUCCESSEVE_API_URL.',
  EAI_AGAIN: 'No name server responded. Is this machine online?',
  CERT_HAS_EXPIRED: 'The certificate has expired, or the clock of this machine is wrong.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed. Name your CA in NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN: 'A proxy is intercepting TLS. Name its CA in NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'A proxy is intercepting TLS. Name its CA in NODE_EXTRA_CA_CERTS.',
};

const otherwise: Partial<Readonly<Record<PingResult['status'], string>>> = {
  rejected: 'Check SUCCESSEVE_API_URL, and any proxy between this machine and the API.',
  unavailable: 'Try again. If it stays so, look for a proxy or a firewall between this machine and the API.',
};

function adviceFor({ status, error }: PingResult): string {
  const { code = '' } = (error?.cause ?? {}) as { code?: string };
  return byStatus[error?.status ?? 0] ?? byCode[code] ?? otherwise[status] ?? '';
}
