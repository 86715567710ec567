import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { onTestFinished } from 'vitest';

/** The path of a queue file that is not there yet, in a folder that is gone after the test. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'successeve-queue-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'queue.db');
}

/** Reads or changes the file, as another program would. */
export function withFile<Result>(path: string, work: (db: DatabaseSync) => Result): Result {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    return work(db);
  } finally {
    db.close();
  }
}

/** Runs `work` while another connection holds the lock. */
export async function withFileLocked(path: string, work: () => Promise<void>): Promise<void> {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
  try {
    await work();
  } finally {
    db.exec('ROLLBACK');
    db.close();
  }
}

/** Counts the objects that are still referenced. */
export async function countHeld(refs: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc');
  // What a turn of the event loop has looked at is kept until its end.
  await new Promise((resolve) => setImmediate(resolve));
  runInNewContext('gc')();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}
