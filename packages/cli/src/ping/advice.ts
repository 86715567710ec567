import type { PingResult } from '@successeve/core/api';

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

/** Returns what to do when a token was not accepted. */
export function adviceFor({ status, error }: PingResult): string {
  const { code = '' } = (error?.cause ?? {}) as { code?: string };
  return byStatus[error?.status ?? 0] ?? byCode[code] ?? otherwise[status] ?? '';
}
