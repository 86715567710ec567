import { describe } from '../errors.js';

/** An id in your application, such as a database id or an e-mail address. Numbers are sent as strings. */
export type Uid = string | number | bigint;

/** What is no id is left as it is, for {@link findUidProblem}. */
export function readUid(uid: unknown): unknown {
  return Number.isFinite(uid) || typeof uid === 'bigint' ? String(uid) : uid;
}

/** The same for an account, of which there need be none. */
export function readAccountUid(uid: unknown): string | undefined {
  return uid === null || uid === '' ? undefined : (readUid(uid) as string);
}

/** Says what was expected and what came instead, or nothing. */
export function findUidProblem(name: string, uid: unknown): string | undefined {
  if (typeof uid === 'string' && uid.trim() !== '') return undefined;
  return `${name}: expected a non-empty string, a finite number or a bigint, got ${describe(uid)}`;
}
