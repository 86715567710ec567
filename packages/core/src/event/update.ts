import { describe } from '../errors.js';
import type { EventKind } from '../queue/queue.js';
import { isDate } from '../runtime/realms.js';
import { findParamsProblem, isObject, type JsonObject, resolveToJSON } from './json.js';
import { isSnakeCase } from './snake-case.js';
import { readAccountUid, readUid, type Uid } from './uid.js';

/** What is known about a churn, by the names of this library. The API's own attributes, from the vendor's reference. */
interface ChurnParams {
  /** Monthly recurring revenue. */
  mrr?: number | null | undefined;
  /** When the subscription ended. A `Date` is sent in ISO 8601, anything else as it is. */
  churnDate?: Date | string | number | null | undefined;
  /** The monthly recurring revenue that was lost. */
  churnMrr?: number | null | undefined;
  /** A word in snake_case, such as `too_expensive`. */
  churnReason?: string | null | undefined;
  churnComment?: string | null | undefined;
}

/**
 * What you know about a contact: the attributes that the API knows, in camelCase, and any of your own, which are sent as
 * they are. An attribute that is `undefined` is left out, and one that is `null` is sent as such.
 */
export interface ContactParams extends ChurnParams {
  email?: string | null | undefined;
  name?: string | null | undefined;
  /** The account the contact belongs to; left out if `null` or empty. */
  accountUid?: Uid | null | undefined;
  [attribute: string]: unknown;
}

/** What you know about an account, as with {@link ContactParams}. */
export interface AccountParams extends ChurnParams {
  name?: string | null | undefined;
  domain?: string | null | undefined;
  [attribute: string]: unknown;
}

/** Updates of what is known about contacts and accounts, as opposed to what contacts do. */
export type UpdateKind = 'contact' | 'account';

interface TrackedUpdate {
  /** In camelCase where the API knows them, and as they came where they are the customer's own. */
  readonly params: JsonObject;
  readonly occurredAt: Date;
  readonly eventUid?: undefined;
  readonly displayName?: undefined;
  readonly visitUrl?: undefined;
}

export interface TrackedContact extends TrackedUpdate {
  readonly kind: 'contact';
  readonly contactUid: string;
  readonly accountUid?: undefined;
}

export interface TrackedAccount extends TrackedUpdate {
  readonly kind: 'account';
  readonly accountUid: string;
  readonly contactUid?: undefined;
}

export function isUpdateKind(kind: EventKind): kind is UpdateKind {
  return kind === 'contact' || kind === 'account';
}

export function isUpdate(event: { readonly kind: EventKind }): event is TrackedContact | TrackedAccount {
  return isUpdateKind(event.kind);
}

/** Reads what was passed. Invalid members are kept as they are, for {@link findUpdateProblem}. */
export function readUpdate(kind: UpdateKind, uid: unknown, given: unknown): TrackedContact | TrackedAccount {
  const params = resolveToJSON(given);
  const occurredAt = new Date();
  const id = readUid(uid) as string;
  if (kind === 'account') return { kind, accountUid: id, params: params as JsonObject, occurredAt };
  return { kind, contactUid: id, params: withAccount(params as JsonObject), occurredAt };
}

/** The params of a contact with its account as a string: the one they name, else the one given here. */
export function withAccount(params: JsonObject, accountUid?: string | undefined): JsonObject {
  if (!isObject(params)) return params;
  const own = readAccountUid(params.accountUid) ?? accountUid;
  return own === params.accountUid ? params : { ...params, accountUid: own };
}

type Expectation = readonly [what: string, isMet: (value: unknown) => boolean];

const text: Expectation = ['a string', (value) => typeof value === 'string'];
const amount: Expectation = ['a finite number', Number.isFinite];

const churn = {
  mrr: amount,
  churnDate: [
    'a Date, a string or a finite number',
    (value) => (isDate(value) ? !Number.isNaN(value.getTime()) : text[1](value) || Number.isFinite(value)),
  ],
  churnMrr: amount,
  churnReason: ['a word in snake_case', (value) => typeof value === 'string' && isSnakeCase(value)],
  churnComment: text,
} satisfies Record<string, Expectation>;

/** The attributes that the API knows, from the vendor's reference, and what each has to be. */
const known: Readonly<Record<UpdateKind, readonly (readonly [name: string, expectation: Expectation])[]>> = {
  contact: Object.entries({ email: text, name: text, accountUid: text, ...churn }),
  account: Object.entries({ name: text, domain: text, ...churn }),
};

/** Returns what was expected of the params and what came instead, or `undefined` where they are valid. */
export function findUpdateProblem(event: TrackedContact | TrackedAccount): string | undefined {
  const { kind, params } = event;
  const problem = findParamsProblem(params);
  if (problem) return problem;
  for (const [name, [what, isMet]] of known[kind]) {
    const value = params[name];
    if (value === undefined || value === null || isMet(value)) continue;
    return `params.${name}: expected ${what}, got ${describe(value)}`;
  }
  return undefined;
}
