import { type HttpAnswer, type HttpClient, type HttpClientOptions, isJson } from './http.js';

/** The client for runtimes without `node:http`: edge functions, workers. */
export function createHttpClient({ url, headers, timeoutMs }: HttpClientOptions): HttpClient {
  return {
    async post(path, body, more): Promise<HttpAnswer> {
      const response = await fetch(`${url.origin}${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      // In a browser-like runtime an unfollowed redirect is opaque and has the status 0.
      const status = response.type === 'opaqueredirect' ? 302 : response.status;
      const header = (name: string): string | null => response.headers.get(name);
      return { status, header, body: await readBody(response, isJson(header)) };
    },
    close() {},
  };
}

async function readBody(response: Response, isJson: boolean): Promise<string> {
  if (!response.body) return '';
  const body = response.text();
  if (!response.ok) return body;
  // Accepted: a failure of the rest of the response must not send the event again.
  return body.then(
    (text) => (isJson ? '' : text),
    () => '',
  );
}
