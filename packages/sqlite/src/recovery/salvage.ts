import { isDamage } from '../file/node-sqlite.js';
import type { EventRow, Kind, Store } from '../file/store.js';

const pageSize = 256;

/** No id is as large: where nothing can be read up to it, the rest of the lane cannot. */
const farAway = 2 ** 52;

/** Answers what can be read of a lane, oldest first, whatever is damaged of it. */
export function* salvage(store: Store, share: number, kind: Kind): Generator<EventRow> {
  const read = (after: number, limit: number): EventRow[] | undefined => {
    try {
      return store.page(share, kind, after, limit);
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  };
  let after = 0;
  let limit = pageSize;
  while (after < farAway) {
    const rows = read(after, limit);
    if (rows) {
      yield* rows;
      if (rows.length < limit) return;
      after = rows.at(-1)?.id ?? after;
    } else if (limit > 1) limit = 1;
    else {
      after = endOfDamage(after, (id) => read(id, 1) !== undefined);
      limit = pageSize;
    }
  }
}

/** The first id after which something can be read again: a page of the file holds some tens of them, or thousands. */
function endOfDamage(start: number, canReadAfter: (id: number) => boolean): number {
  let damaged = start;
  let step = 1;
  while (!canReadAfter(start + step)) {
    damaged = start + step;
    step *= 2;
    if (start + step >= farAway) return farAway;
  }
  let readable = start + step;
  while (readable - damaged > 1) {
    const middle = Math.floor((readable + damaged) / 2);
    if (canReadAfter(middle)) readable = middle;
    else damaged = middle;
  }
  return readable;
}
