import type { RequestHead, ResponseHead } from '../exchange.js';

/** The client hints that Chromium adds to navigations where a site asks for them. From the Client Hints registry. */
const navigationHints: ReadonlySet<string> = new Set([
  ...['ua-arch', 'ua-bitness', 'ua-form-factors', 'ua-full-version', 'ua-full-version-list'].map(hint),
  ...['ua-model', 'ua-platform-version', 'ua-wow64'].map(hint),
  ...['prefers-color-scheme', 'prefers-reduced-motion', 'prefers-reduced-transparency'].map(hint),
  ...['device-memory', 'dpr', 'viewport-width', 'viewport-height'].map(hint),
  ...['device-memory', 'dpr', 'viewport-width', 'rtt', 'downlink', 'ect', 'save-data'],
]);

/**
 * Whether the browser throws this response away and repeats its request: a response asks with `Critical-CH` for hints
 * that the request lacks. Chromium does so once, at the first visit. Measured in Chromium 156.
 */
export function isRepeatedForHints(head: RequestHead, response: ResponseHead): boolean {
  // Browsers that know client hints send these, to secure origins alone.
  if (head.header('sec-ch-ua') === undefined) return false;
  const critical = response.header('critical-ch');
  if (critical === undefined) return false;
  const accepted = hintsIn(response.header('accept-ch') ?? '');
  return hintsIn(critical).some(
    (name) => navigationHints.has(name) && accepted.includes(name) && head.header(name) === undefined,
  );
}

function hintsIn(list: string): string[] {
  return list.split(',').map((name) => name.trim().toLowerCase());
}

function hint(name: string): string {
  return `sec-ch-${name}`;
}
