import type { QueuedEvent, TrackingError } from '@successeve/core';
import { isAdopted, type Share } from './share.js';
import { type Kind, noTotals, type Store, type Totals } from './store.js';

/** An event that has come to its end, and has to leave the file, or to enter its list of rejected ones. */
export interface Ended {
  readonly event: QueuedEvent;
  /** The share that it must leave, where it was ever written. */
  readonly share: Share | undefined;
  readonly rejection: TrackingError | undefined;
}

export interface Chunk {
  readonly holder: string;
  readonly now: number;
  readonly leasedUntil: number;
  readonly own: Share;
  readonly inserted: readonly QueuedEvent[];
  readonly ended: readonly Ended[];
}

/** What became of a chunk. */
export interface Written {
  /** The share that the events are in: a new one, where there was none or ours was lost. */
  readonly ownId: number;
  /** About how much was written. */
  readonly bytes: number;
  /** Shares that somebody else answers for by now; nothing of them was touched. */
  readonly lost: readonly Share[];
}

/** What a row takes beside its body. */
const rowBytes = 40;

/** Writes one chunk in one transaction. */
export function writeChunk(store: Store, chunk: Chunk): Written {
  const { holder, now, leasedUntil, own, inserted, ended } = chunk;
  return store.transaction(() => {
    const touched = new Set([own, ...ended.flatMap(({ share }) => share ?? [])]);
    const lost = [...touched].filter(({ id }) => id !== undefined && !store.isHeldBy(id, holder));
    const hasOwn = own.id !== undefined && !lost.includes(own);
    const ownId = hasOwn ? (own.id as number) : store.addShare(holder, leasedUntil, now);
    const changes = new Map<number, Totals>();

    for (const event of inserted) {
      if (store.insert(ownId, event)) count(changes, ownId, event, 1);
    }
    for (const { event, share, rejection } of ended) {
      if (rejection) store.reject(event, rejection, now);
      if (share?.id === undefined || lost.includes(share)) continue;
      const rowId = isAdopted(event) ? event.rowId : event.id;
      if (store.remove(share.id, event.kind, rowId)) count(changes, share.id, event, -1);
    }
    for (const [id, change] of changes) store.updateShare(id, leasedUntil, change);
    const bytes = inserted.reduce((sum, event) => sum + event.bytes + rowBytes, 0) + ended.length * rowBytes;
    return { ownId, lost, bytes };
  });
}

function count(
  changes: Map<number, Totals>,
  share: number,
  { kind, bytes }: { kind: Kind; bytes: number },
  sign: 1 | -1,
): void {
  const change = changes.get(share) ?? noTotals();
  changes.set(share, change);
  change.events += sign;
  change.bytes += sign * bytes;
  if (kind !== 'pageview') return;
  change.pageviews += sign;
  change.pageviewBytes += sign * bytes;
}
