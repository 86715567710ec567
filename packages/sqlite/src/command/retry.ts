import type { DatabaseSync } from 'node:sqlite';
import { counted, type Output } from '@successeve/command-line';
import { forEachKind } from '../file/schema.js';
import { count, type Kind, noTotals, type Store } from '../file/store.js';
import { readRejectedRows } from './rejected-rows.js';

/** Lets rejected events wait again, in a share that nobody answers for: a running process takes it over by itself. */
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
    const change = noTotals();
    const nextId: Record<Kind, number> = forEachKind(() => 1);
    for (const { id, kind, occurredAt, bytes, body } of rows) {
      store.insert(share, { id: nextId[kind]++, kind, occurredAt, bytes, body });
      store.forgetRejected(id);
      count(change, { kind, bytes }, 1);
    }
    store.updateShare(share, 0, change);
    return rows.length;
  });
  await output.write(`${counted(retried, 'event')} put back to wait.\n`);
}
