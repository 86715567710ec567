import type { EventKind } from '@successeve/core/queue';
import { isDamage } from '../file/node-sqlite.js';
import type { EventRow, Store } from '../file/store.js';

const pageSize = 256;

/** Larger than any id: where nothing can be read up to it, the rest of the lane is lost. */
const beyondAll = 2 ** 52;

/** Returns the readable rows of a damaged lane, oldest first. */
export function* salvage(store: Store, share: number, kind: EventKind): Generator<EventRow> {
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
  while (after < beyondAll) {
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
    if (start + step >= beyondAll) return beyondAll;
  }
  let readable = start + step;
  while (readable - damaged > 1) {
    const middle = Math.floor((readable + damaged) / 2);
    if (canReadAfter(middle)) readable = middle;
    else damaged = middle;
  }
  return readable;
}
