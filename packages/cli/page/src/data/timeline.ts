import { happenedAt } from './entry.js';
import type { EntryRing } from './entry-ring.js';
import type { Rows } from './matching.js';

/** Puts rows in the order in which things happened, the latest first: what waited in a queue arrives out of it. */
export function timeline(rows: Rows, ring: EntryRing): Rows {
  const entries = Array.from({ length: rows.count }, (_, row) => ring.get(rows.seqAt(row))).filter(
    (entry) => entry !== undefined,
  );
  entries.sort((one, other) => happenedAt(other) - happenedAt(one) || other.seq - one.seq);
  return {
    count: entries.length,
    seqAt: (row) => entries[row]?.seq ?? 0,
    rowOf: (seq) => entries.findIndex((entry) => entry.seq === seq),
  };
}
