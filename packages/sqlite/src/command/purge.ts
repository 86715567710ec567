import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { counted, type Output } from '@successeve/command-line';
import { type EventKind, eventKinds } from '@successeve/core/queue';
import type { Store } from '../file/store.js';
import { readRejectedRows } from './rejected-rows.js';

/** How many events one transaction deletes: it keeps applications from writing, for some hundredths of a second. */
const chunkSize = 5000;

/** The lease of the shares that are being purged; each chunk renews it. */
const leaseMs = 60_000;

export async function purgeRejected(
  db: DatabaseSync,
  store: Store,
  output: Output,
  ids: readonly number[],
): Promise<void> {
  const count = store.transaction(() => {
    const rows = readRejectedRows(db, ids);
    for (const { id } of rows) store.removeRejected(id);
    return rows.length;
  });
  await output.write(`${counted(count, 'rejected event')} deleted.\n`);
}

/** Adopts the shares that belong to no running process, as a process would, and deletes their events. */
export async function purgeWaiting(store: Store, output: Output): Promise<void> {
  const holder = randomUUID();
  const now = Date.now();
  const shares = store.transaction(() => store.adopt(holder, now + leaseMs, now));
  let purged = 0;
  for (const { id } of shares) {
    for (const kind of eventKinds) purged += purgeLane(store, holder, id, kind);
    store.transaction(() => store.removeIfEmpty(id));
  }
  const { events } = store.totalsElsewhere(holder);
  await output.write(`${counted(purged, 'waiting event')} deleted.\n`);
  if (events > 0) {
    await output.write(
      `${counted(events, 'event')} of running processes left: stop those processes, or let them deliver.\n`,
    );
  }
}

function purgeLane(store: Store, holder: string, share: number, kind: EventKind): number {
  let purged = 0;
  for (;;) {
    const rows = store.page(share, kind, 0, chunkSize);
    if (rows.length === 0) return purged;
    store.transaction(() => {
      for (const { id, bytes } of rows) store.remove(share, { kind, id, bytes });
      store.renew(holder, Date.now() + leaseMs);
    });
    purged += rows.length;
  }
}
