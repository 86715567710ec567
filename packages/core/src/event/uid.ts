import { describe } from '../errors.js';

/** An id in your application, such as a database id or an e-mail address. Numbers are sent as strings. */
export type Uid = string | number | bigint;

/** An invalid id is kept as it is, for {@link findUidProblem}. */
export function readUid(uid: unknown): unknown {
  return Number.isFinite(uid) || typeof uid === 'bigint' ? String(uid) : uid;
}

/** The same for an account, which may be missing. */
export function readAccountUid(uid: unknown): string | undefined {
  return uid === null || uid === '' ? undefined : (readUid(uid) as string);
}

/** Returns what was expected and what came instead, or `undefined` where the id is valid. */
export function findUidProblem(name: string, uid: unknown): string | undefined {
  if (typeof uid === 'string' && uid.trim() !== '') return undefined;
  return `${name}: expected a non-empty string, a finite number or a bigint, got ${describe(uid)}`;
}
