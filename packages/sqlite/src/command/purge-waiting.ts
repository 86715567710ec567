import { counted, type Output } from '@successeve/command-line';
import { eventKinds } from '@successeve/core/queue';
import type { Store } from '../file/store.js';

/** How many events one transaction deletes: it keeps applications from writing, for some hundredths of a second. */
const chunkSize = 5000;

/** Adopts the shares that belong to no running process, as a process would, and deletes their events. */
export async function purgeWaiting(store: Store, output: Output): Promise<void> {
  const shares = store.transaction(() => store.adopt(Date.now()));
  let purged = 0;
  for (const { id } of shares) {
    for (const kind of eventKinds) {
      for (const rows of store.pages(id, kind, chunkSize)) {
        store.transaction(() => {
          for (const row of rows) store.remove(id, { ...row, kind });
          store.renew();
        });
        purged += rows.length;
      }
    }
    store.transaction(() => store.removeIfEmpty(id));
  }
  const { events } = store.totalsElsewhere();
  await output.write(`${counted(purged, 'waiting event')} deleted.\n`);
  if (events > 0) {
    await output.write(
      `${counted(events, 'event')} of running processes left: stop those processes, or let them deliver.\n`,
    );
  }
}
