import type { DatabaseSync } from 'node:sqlite';
import type { Output } from '@successeve/command-line';
import { eventKinds, readQueuedEvent } from '@successeve/core/queue';
import type { Store } from '../file/store.js';
import { readRejectedRows } from './rejected-rows.js';

const pageSize = 1000;

/** Writes one line of JSON for each event, with the names of `tracker.event()`. It can miss events that move during it. */
export async function exportEvents(
  db: DatabaseSync,
  store: Store,
  output: Output,
  isRejected: boolean,
): Promise<void> {
  if (isRejected) {
    for (const row of readRejectedRows(db, [])) {
      const { id, rejectedAt, status, reason, answer } = row;
      const rejection = { id, at: new Date(rejectedAt), status, reason, answer };
      await output.write(line({ ...readQueuedEvent(row), rejection }));
    }
    return;
  }
  for (const { id } of db.prepare('SELECT id FROM shares ORDER BY id').all()) {
    for (const kind of eventKinds) {
      let after = 0;
      for (;;) {
        const rows = store.page(Number(id), kind, after, pageSize);
        if (rows.length > 0)
          await output.write(rows.map((row) => line(readQueuedEvent({ ...row, kind }))).join(''));
        if (rows.length < pageSize) break;
        after = rows.at(-1)?.id ?? after;
      }
    }
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
