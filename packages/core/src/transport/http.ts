import { TrackingError } from '../errors.js';
import { isError } from '../runtime/realms.js';
import type { ResolvedApiOptions } from './api-options.js';
import { type HeaderReader, readRateLimit } from './rate-limit.js';
import type { SendResult } from './transport.js';

/** One response of the API. `body` is at least its beginning; with a 2xx, JSON need not be read. */
export interface HttpAnswer {
  readonly status: number;
  readonly header: HeaderReader;
  readonly body: string;
}

export type HttpHeaders = Readonly<Record<string, string>>;

/** Posts JSON. Rejects if no response arrives in time; follows no redirect. */
export interface HttpClient {
  post(path: string, body: string, headers?: HttpHeaders): Promise<HttpAnswer>;
  close(): void;
}

/** Creates the client of the runtime, which sends the headers with each request. */
export type CreateHttpClient = (api: ResolvedApiOptions, headers: HttpHeaders) => HttpClient;

/** Bodies longer than this are cut. */
export const maxBodyCharacters = 300;

/** The Tracking API, as reached with one token. */
export interface Api {
  /** Posts a body, and classifies the outcome, which does not contain the token. Never rejects. */
  post(path: string, body: string, headers?: HttpHeaders): Promise<SendResult>;
  close(): void;
}

export function connect(createClient: CreateHttpClient, options: ResolvedApiOptions): Api {
  const { apiUrl, apiToken, auth } = options;
  const prefix = apiUrl.pathname.replace(/\/+$/, '');
  const query = auth === 'query' ? `?api_token=${encodeURIComponent(apiToken)}` : '';
  const headers = {
    'content-type': 'application/json',
    ...(auth === 'basic' && { authorization: `Basic ${btoa(`${apiToken}:`)}` }),
  };
  const client = createClient(options, headers);
  return {
    async post(path, body, more) {
      try {
        const answer = await client.post(`${prefix}${path}${query}`, body, more);
        return judge({ ...answer, body: answer.body.replaceAll(apiToken, '***') });
      } catch (cause) {
        return { status: 'unavailable', error: noAnswer(cause) };
      }
    },
    close: () => client.close(),
  };
}

const setUpFaults: Readonly<Record<number, string>> = {
  401: 'check apiToken',
  403: 'check apiToken, and any proxy between this process and the API',
  404: 'check apiUrl',
  405: 'check apiUrl',
  406: 'check apiUrl, and any proxy between this process and the API',
};

/** The statuses besides 5xx that mean "later": request timeout and too early. */
const temporary = new Set([408, 425]);

type Failure = Extract<SendResult, { error: TrackingError }>;

/** Classifies a response by what the sender must do about it. */
function judge({ status, header, body: fullBody }: HttpAnswer): SendResult {
  const body = fullBody.slice(0, maxBodyCharacters);
  const failed = (code: Failure['status'], detail = ''): Failure => {
    const error = new TrackingError(code, `the API answered ${status}${detail}`, { status, body });
    return { status: code, error };
  };
  const rateLimit = readRateLimit(status, header, Date.now());
  if (status >= 200 && status < 300) {
    const foreign = findForeignContent(header, body);
    if (!foreign) return { status: 'delivered', rateLimit };
    const advice = 'check apiUrl, and any proxy between this process and the API';
    return failed('misconfigured', ` with ${foreign} instead of JSON: ${advice}`);
  }
  if (status === 429) return { status: 'rate_limited', rateLimit };
  if (status >= 500 || status < 200 || temporary.has(status)) return { ...failed('unavailable'), rateLimit };
  const advice = status < 400 ? 'a redirect is never followed, check apiUrl' : setUpFaults[status];
  if (advice) return { ...failed('misconfigured', `: ${advice}`), rateLimit };
  return { ...failed('rejected'), rateLimit };
}

/** Whether the body of a response need not be looked at. */
export function isJson(header: HeaderReader): boolean {
  return /\bjson\b/i.test(header('content-type') ?? '');
}

/**
 * What came with a 2xx that is plainly not the API's: a web application, or a filter in between, answers anything with
 * a page. Lenient beyond that: an empty body and any JSON will do.
 */
function findForeignContent(header: HeaderReader, body: string): string | undefined {
  const start = body.trimStart();
  if (start === '' || isJson(header)) return undefined;
  if (start.startsWith('<')) return 'HTML';
  const [type] = /^[\w.+-]+\/[\w.+-]+/.exec(header('content-type') ?? '') ?? [];
  const isJsonText = /^(?:[[{"]|(?:true|false|null|-?\d[\d.eE+-]*)\s*$)/.test(start);
  return isJsonText ? undefined : type;
}

function noAnswer(cause: unknown): TrackingError {
  const { code, message } = (isError(cause) ? cause : {}) as { code?: unknown; message?: string };
  const why = typeof code === 'string' ? code : (message ?? 'unknown error');
  return new TrackingError('unavailable', `no answer from the API: ${why}`, { cause });
}
