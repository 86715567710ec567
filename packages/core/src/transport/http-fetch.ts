import type { HttpAnswer, HttpClient, HttpClientOptions } from './http.js';

/** The client for runtimes without `node:http`: edge functions, workers. */
export function createHttpClient({ url, headers, timeoutMs }: HttpClientOptions): HttpClient {
  return {
    async post(path: string, body: string): Promise<HttpAnswer> {
      const response = await fetch(`${url.origin}${path}`, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      // In a browser-like runtime an unfollowed redirect is opaque and has the status 0.
      const status = response.type === 'opaqueredirect' ? 302 : response.status;
      const received = response.body ? await response.text() : '';
      return { status, header: (name) => response.headers.get(name), body: response.ok ? '' : received };
    },
    close() {},
  };
}
