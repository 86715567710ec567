import type { Agent } from 'node:http';
import { invalidOption, wrongOption } from '../errors.js';
import { readMilliseconds, readOneOf } from '../option-checks.js';

/** How the Tracking API is reached. */
export interface ApiOptions {
  /**
   * The API token of your SuccessEve account. Without one, `createTracker` throws, unless `enabled` is false or
   * `transport` is your own.
   * @defaultValue the environment variable `SUCCESSEVE_API_TOKEN`
   */
  apiToken?: string | undefined;
  /**
   * Where the Tracking API is; a path prefix is kept. `http:` is for loopback only: a token never travels in clear.
   * @defaultValue the environment variable `SUCCESSEVE_API_URL`, else `https://api.successeve.com`
   */
  apiUrl?: string | URL | undefined;
  /**
   * How the token is sent: in the `Authorization` header, or in the query as `api_token`. The API contract allows
   * both; what is in a query ends in logs, so prefer the header.
   * @defaultValue `'basic'`
   */
  auth?: 'basic' | 'query' | undefined;
  /**
   * An agent of yours, for a proxy or a CA of your own: an `https.Agent`, or an `http.Agent` where `apiUrl` is on
   * loopback. Node only.
   * @defaultValue a keep-alive agent with at most 16 sockets. Where Node itself takes its proxy from the environment
   * (Node 24 with `NODE_USE_ENV_PROXY=1` or `--use-env-proxy`), so does this, except to loopback
   */
  agent?: Agent | undefined;
  /**
   * How long one request may take, in milliseconds.
   * @defaultValue 10 000
   */
  timeoutMs?: number | undefined;
}

/** Checked options, with every default filled in. */
export interface ResolvedApiOptions {
  /** Empty where none is needed. */
  readonly apiToken: string;
  readonly apiUrl: URL;
  readonly auth: 'basic' | 'query';
  readonly agent: Agent | undefined;
  readonly timeoutMs: number;
}

const defaultApiUrl = 'https://api.successeve.com';
const absoluteUrl = `an absolute URL such as ${defaultApiUrl}`;

/**
 * Checks options and fills in defaults, those of the environment included.
 *
 * @param isTokenNeeded - false where nothing is sent to the API
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function resolveApiOptions(options: ApiOptions, isTokenNeeded = true): ResolvedApiOptions {
  const env = globalThis.process?.env ?? {};
  const auth = readOneOf('auth', options.auth ?? 'basic', ['basic', 'query'] as const);
  const apiUrl = readApiUrl(options.apiUrl ?? (env.SUCCESSEVE_API_URL || defaultApiUrl));
  checkAgent(options.agent, apiUrl);
  return {
    apiToken: isTokenNeeded ? readToken(options.apiToken ?? env.SUCCESSEVE_API_TOKEN, auth) : '',
    apiUrl,
    auth,
    agent: options.agent,
    timeoutMs: readMilliseconds('timeoutMs', options.timeoutMs ?? 10_000, 1),
  };
}

function readToken(value: unknown, auth: 'basic' | 'query'): string {
  if (typeof value !== 'string' || value === '') {
    throw invalidOption('apiToken', 'a non-empty string, here or in SUCCESSEVE_API_TOKEN', value);
  }
  // A line break, as `cat` of a secret's file leaves it, would be rejected as a wrong key.
  if (/[^\x21-\x7e]/.test(value)) {
    throw wrongOption('apiToken', 'visible ASCII', 'white space or others in it');
  }
  if (auth === 'basic' && value.includes(':')) {
    throw wrongOption('apiToken', "no colon with auth: 'basic'", 'one');
  }
  return value;
}

function readApiUrl(value: unknown): URL {
  if (typeof value === 'string') checkScheme(value);
  if (!(typeof value === 'string' || value instanceof URL) || !URL.canParse(String(value))) {
    throw invalidOption('apiUrl', absoluteUrl, value);
  }
  const url = new URL(value);
  if (url.username || url.password || url.search || url.hash) {
    const got = url.search ? 'a query' : url.hash ? 'a fragment' : 'a user';
    throw wrongOption('apiUrl', 'no user, query or fragment', got);
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  const expected = 'https:, or http: to loopback, since a token must not travel in clear';
  throw wrongOption('apiUrl', expected, url.protocol);
}

/** `localhost:4319` is an absolute URL too, of the scheme `localhost:`. */
function checkScheme(text: string): void {
  if (text.includes('://') || !URL.canParse(`http://${text}`)) return;
  const scheme = isLoopback(new URL(`http://${text}`).hostname) ? 'http://' : 'https://';
  throw wrongOption('apiUrl', absoluteUrl, `one without a scheme: write ${scheme} in front`);
}

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function checkAgent(value: unknown, { protocol }: URL): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) throw invalidOption('agent', 'an http(s).Agent', value);
  // Those of Node have it as a property; others, as for proxies, find out at each request.
  const own = Object.getOwnPropertyDescriptor(value, 'protocol')?.value;
  if (typeof own !== 'string' || own === protocol) return;
  throw wrongOption('agent', `one for ${protocol}, as apiUrl is`, `one for ${own}`);
}
