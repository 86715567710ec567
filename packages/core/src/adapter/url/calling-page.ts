import type { IncomingMessage } from 'node:http';

/**
 * The path of the page whose script makes a request, by its `Referer`; undefined for a document, a form, and a page of
 * another site. The pages of a single-page application show themselves to the server in this way alone.
 */
export function callingPage({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { referer = '', host, 'sec-fetch-dest': destination, 'sec-fetch-site': site } = headers;
  // Without Sec-Fetch headers, a navigation still asks for an upgrade.
  const isByScript =
    destination === undefined ? !('upgrade-insecure-requests' in headers) : destination === 'empty';
  if (!isByScript || !URL.canParse(referer)) return undefined;
  const page = new URL(referer);
  if (!page.protocol.startsWith('http')) return undefined;
  return site === 'same-origin' || page.host === host ? page.pathname : undefined;
}
