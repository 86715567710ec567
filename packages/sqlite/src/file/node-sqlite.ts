import type * as Sqlite from 'node:sqlite';
import { TrackingError } from '@successeve/core';

/**
 * Returns Node's own SQLite. It is asked of the process rather than imported, so that an older Node reports a readable
 * message instead of a missing module.
 *
 * @throws TrackingError with the code `invalid_options` where there is none.
 */
export function nodeSqlite(): typeof Sqlite {
  const sqlite = globalThis.process?.getBuiltinModule?.('node:sqlite');
  if (sqlite) return sqlite;
  const found = globalThis.process?.versions?.node
    ? `Node ${process.versions.node}`
    : 'a runtime other than Node';
  throw new TrackingError(
    'invalid_options',
    `@successeve/sqlite: expected Node 22.13 or later, which has node:sqlite, got ${found}`,
  );
}

/** The result code of an error of SQLite, such as 5 for "busy"; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  // The low byte is the result code; the other bytes refine it.
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

export const resultCode = {
  perm: 3,
  busy: 5,
  readonly: 8,
  corrupt: 11,
  cantOpen: 14,
  notADatabase: 26,
} as const;

/** The message of a caught error. Not by `instanceof`: in Jest, Node's errors are of another realm. */
export function messageOf(error: unknown): string {
  return String((error as Partial<Error> | undefined)?.message ?? error);
}

/** Whether the content of the file makes no sense. It stays so. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === resultCode.corrupt || code === resultCode.notADatabase;
}

/** Whether another process holds the lock. It passes by itself. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === resultCode.busy;
}
