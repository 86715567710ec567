import type { ResolvedApiOptions } from './api-options.js';
import type { HttpAnswer, HttpClient, HttpHeaders } from './http.js';

/** The client for runtimes without `node:http`: edge functions, workers. */
export function createHttpClient(
  { apiUrl, timeoutMs }: ResolvedApiOptions,
  headers: HttpHeaders,
): HttpClient {
  return {
    async post(path, body, more): Promise<HttpAnswer> {
      const response = await fetch(`${apiUrl.origin}${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      // In a browser-like runtime an unfollowed redirect is opaque and has the status 0.
      const status = response.type === 'opaqueredirect' ? 302 : response.status;
      // Accepted: a failure of the rest of the response must not send the event again.
      const text = response.ok ? response.text().catch(() => '') : response.text();
      return { status, header: (name) => response.headers.get(name), body: await text };
    },
    close() {},
  };
}
