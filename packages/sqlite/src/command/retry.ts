import type { DatabaseSync } from 'node:sqlite';
import { counted, type Output } from '@successeve/command-line';
import type { EventKind } from '@successeve/core/queue';
import { forEachKind } from '../file/schema.js';
import type { Store } from '../file/store.js';
import { readRejectedRows } from './rejected-rows.js';

/** Lets rejected events wait again, in a free share: a running process adopts it. */
export async function retryRejected(
  db: DatabaseSync,
  store: Store,
  output: Output,
  ids: readonly number[],
): Promise<void> {
  const retried = store.transaction(() => {
    const rows = readRejectedRows(db, ids);
    if (rows.length === 0) return 0;
    const share = store.addShare(null, 0, Date.now());
    const nextId: Record<EventKind, number> = forEachKind(() => 1);
    for (const { id, kind, occurredAt, bytes, body } of rows) {
      store.insert(share, { id: nextId[kind]++, kind, occurredAt, bytes, body });
      store.removeRejected(id);
    }
    return rows.length;
  });
  await output.write(`${counted(retried, 'event')} waiting again.\n`);
}
