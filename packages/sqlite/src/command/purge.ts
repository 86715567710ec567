import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { counted, type Output } from '@successeve/command-line';
import { kinds } from '../file/schema.js';
import { count, type Kind, noTotals, type ShareRow, type Store } from '../file/store.js';
import { readRejectedRows } from './rejected-rows.js';

/** How many events go in one transaction: applications wait to write meanwhile, some hundredths of a second. */
const chunkSize = 5000;

/** How long what is being purged is ours; each chunk renews it. */
const leaseMs = 60_000;

export async function purgeRejected(
  db: DatabaseSync,
  store: Store,
  output: Output,
  ids: readonly number[],
): Promise<void> {
  const count = store.transaction(() => {
    const rows = readRejectedRows(db, ids);
    for (const { id } of rows) store.forgetRejected(id);
    return rows.length;
  });
  await output.write(`${counted(count, 'rejected event')} forgotten.\n`);
}

/** Takes over what nobody answers for, as a process would, and forgets it. */
export async function purgeWaiting(store: Store, output: Output): Promise<void> {
  const holder = randomUUID();
  const now = Date.now();
  const shares = store.transaction(() => store.adopt(holder, now + leaseMs, now));
  let purged = 0;
  for (const share of shares) {
    for (const kind of kinds) purged += purgeLane(store, share, kind);
    store.transaction(() => store.removeIfEmpty(share.id));
  }
  const { events } = store.totalsBeside(holder);
  await output.write(`${counted(purged, 'waiting event')} forgotten.\n`);
  if (events > 0) {
    await output.write(
      `${counted(events, 'event')} of running processes left: stop those first, or let them deliver.\n`,
    );
  }
}

function purgeLane(store: Store, { id: share }: ShareRow, kind: Kind): number {
  let purged = 0;
  for (;;) {
    const rows = store.page(share, kind, 0, chunkSize);
    if (rows.length === 0) return purged;
    store.transaction(() => {
      const change = noTotals();
      for (const { id, bytes } of rows) {
        store.remove(share, kind, id);
        count(change, { kind, bytes }, -1);
      }
      store.updateShare(share, Date.now() + leaseMs, change);
    });
    purged += rows.length;
  }
}
