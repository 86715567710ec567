import { type BodyCheck, checkAccount, checkBatch, checkContact, checkEvent, isObject } from './contract.js';
import { describeValue } from './describe-value.js';
import type { ReceivedMessage } from './received.js';
import type { Rejection } from './rejection.js';

const mib = 1024 * 1024;

/** What one path of the API accepts. */
export interface Route {
  /** Our choice: neither the contract nor the vendor's reference names a limit. */
  readonly maxBodyBytes: number;
  /** Where the token may be: the contract allows both, the vendor's reference only Basic for a ping. */
  readonly auth: 'basic or query' | 'basic';
  /** Without a check, any body or none is right. */
  readonly check?: BodyCheck;
  /** What is in a parsed body, right or wrong. */
  readonly messagesIn: (body: unknown) => readonly ReceivedMessage[];
}

const nothing: readonly ReceivedMessage[] = [];
const batchPath = '/v1/batch';

const single = { maxBodyBytes: mib, auth: 'basic or query', messagesIn: () => nothing } as const;

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/v1/track/event', { ...single, check: checkEvent, messagesIn: onlyMessage('event') }],
  ['/v1/contact', { ...single, check: checkContact, messagesIn: onlyMessage('contact') }],
  ['/v1/account', { ...single, check: checkAccount, messagesIn: onlyMessage('account') }],
  ['/v1/ping', { ...single, auth: 'basic' }],
  [batchPath, { ...single, maxBodyBytes: 4 * mib, check: checkBatch, messagesIn: messagesInBatch }],
]);

/** The route of paths that the API does not have. */
const nowhere: Route = single;

/** The route of a path. */
export function findRoute(path: string): Route {
  return routes.get(path) ?? nowhere;
}

/** Rejects all but a POST to a path of the API, before the token is checked. */
export function checkRoute(method: string, path: string, batch: boolean): Rejection | undefined {
  if (!routes.has(path) || (path === batchPath && !batch)) {
    const paths = [...routes.keys()].filter((known) => batch || known !== batchPath);
    return { status: 404, message: `path: expected one of ${paths.join(', ')}, got ${describeValue(path)}` };
  }
  if (method !== 'POST') {
    return { status: 405, message: `method: expected POST, got ${method}`, headers: { Allow: 'POST' } };
  }
  return undefined;
}

// A rejected message is shown as it came, so any object will do here.
function onlyMessage(kind: ReceivedMessage['kind']): Route['messagesIn'] {
  return (body) => (isObject(body) ? [{ kind, fields: body }] : nothing);
}

function messagesInBatch(body: unknown): readonly ReceivedMessage[] {
  if (!Array.isArray(body)) return nothing;
  return body.filter(isObject).map((fields) => ({ kind: kindOf(fields.method), fields }));
}

function kindOf(method: unknown): ReceivedMessage['kind'] {
  return method === 'contact' || method === 'account' ? method : 'event';
}
