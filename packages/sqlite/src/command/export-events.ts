import type { Output } from '@successeve/command-line';
import { eventKinds, readQueuedEvent } from '@successeve/core/queue';
import type { Store } from '../file/store.js';
import { readRejected } from './rejected-events.js';

const pageSize = 1000;

/** Writes one line of JSON for each event, with the names of `tracker.event()`. It can miss events that move during it. */
export async function exportWaiting(store: Store, output: Output): Promise<void> {
  for (const { id } of store.db.prepare('SELECT id FROM shares ORDER BY id').all()) {
    for (const kind of eventKinds) {
      for (const rows of store.pages(Number(id), kind, pageSize)) {
        await output.write(rows.map((row) => line(readQueuedEvent({ ...row, kind }))).join(''));
      }
    }
  }
}

/** Writes rejected events in the same way, each with its rejection. */
export async function exportRejected(store: Store, output: Output): Promise<void> {
  for (const row of readRejected(store, [])) {
    const { id, rejectedAt, status, reason, answer } = row;
    const rejection = { id, at: new Date(rejectedAt), status, reason, answer };
    await output.write(line({ ...readQueuedEvent(row), rejection }));
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
