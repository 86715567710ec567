import type * as Sqlite from 'node:sqlite';
import { TrackingError } from '@successeve/core';

/**
 * Node's own SQLite. Asked of the process rather than imported, so that an older Node gets a sentence to read
 * instead of a module that is not found.
 *
 * @throws TrackingError with the code `invalid_options` where there is none.
 */
export function nodeSqlite(): typeof Sqlite {
  const sqlite = globalThis.process?.getBuiltinModule?.('node:sqlite');
  if (sqlite) return sqlite;
  const found = globalThis.process?.versions?.node
    ? `Node ${process.versions.node}`
    : 'a runtime that is not Node';
  throw new TrackingError(
    'invalid_options',
    `@successeve/sqlite: expected Node 22.13 or later, which has node:sqlite, got ${found}`,
  );
}

/** What an error of SQLite says: a result code such as 5 for "busy", or undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  // The low byte is the result code; what is above refines it.
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

/** Whether what is in the file makes no sense, which does not pass. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === resultCode.corrupt || code === resultCode.notADatabase;
}

/** Whether somebody else is writing, which passes by itself. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === resultCode.busy;
}
