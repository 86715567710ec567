import type { RequestHead } from '../exchange.js';

/**
 * The path of the page whose script makes a request, by its `Referer`; undefined for a document, a form, and a page of
 * another site. The pages of a single-page application show themselves to the server in this way alone.
 */
export function callingPage(head: RequestHead): string | undefined {
  const referer = head.header('referer') ?? '';
  const destination = head.header('sec-fetch-dest');
  // Without Sec-Fetch headers, a navigation still asks for an upgrade.
  const isByScript =
    destination === undefined ? !head.header('upgrade-insecure-requests') : destination === 'empty';
  if (!isByScript || !URL.canParse(referer)) return undefined;
  const page = new URL(referer);
  if (!page.protocol.startsWith('http')) return undefined;
  const isOfSite = head.header('sec-fetch-site') === 'same-origin' || page.host === head.header('host');
  return isOfSite ? page.pathname : undefined;
}
