import { STATUS_CODES } from 'node:http';

/** What a status means in the vendor's reference; HTTP's own words for the rest. */
const meanings: Readonly<Record<number, string>> = {
  400: 'Incorrect or missing API key',
  401: 'Wrong API key',
  406: 'A format that is not JSON',
  429: 'Too many requests',
  503: 'Offline for maintenance',
};

/** The JSON that the API might answer with a status; `message` says more than the status does. */
export function plausibleBody(status: number, message?: string): string {
  if (status < 300) return '{"status":"success"}';
  const meaning = message ?? meanings[status] ?? STATUS_CODES[status] ?? 'Unknown status';
  return JSON.stringify({ status: 'error', message: meaning });
}
