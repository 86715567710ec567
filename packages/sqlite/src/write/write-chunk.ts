import type { QueuedEvent } from '@successeve/core/queue';
import { count, noTotals, type Store, type Totals } from '../file/store.js';
import type { EndedChunk } from '../memory/settled.js';
import type { Share } from '../memory/share.js';

export interface Chunk {
  readonly holder: string;
  readonly now: number;
  readonly leasedUntil: number;
  readonly own: Share;
  readonly inserted: readonly QueuedEvent[];
  readonly ended: EndedChunk;
  /** Whatever else belongs into the same transaction; answers about how much that puts into the WAL. */
  readonly alsoWrite: () => number;
}

/** What became of a chunk. */
export interface Written {
  /** The share that inserted events are in: a new one, where there was none or ours was lost. */
  readonly ownId: number | undefined;
  /** About how much went into the WAL. */
  readonly bytes: number;
  /** Shares that somebody else answers for by now; nothing of them was touched. */
  readonly lost: readonly Share[];
}

/** What a row takes beside its body. */
const rowBytes = 40;

/** What a transaction takes in the WAL however small it is, since that is made of pages: measured, some 10 to 30 KB. */
const transactionBytes = 20_000;

/** Writes one chunk in one transaction. */
export function writeChunk(store: Store, chunk: Chunk): Written {
  const { holder, now, leasedUntil, own, inserted, ended, alsoWrite } = chunk;
  return store.transaction(() => {
    const touched = new Set(ended.rows.map(({ share }) => share));
    if (inserted.length > 0) touched.add(own);
    const lost = [...touched].filter(({ id }) => id !== undefined && !store.isHeldBy(id, holder));
    const changes = new Map<number, Totals>();
    const changeOf = (share: number): Totals => {
      const change = changes.get(share) ?? noTotals();
      changes.set(share, change);
      return change;
    };
    let bytes = transactionBytes;

    let ownId = lost.includes(own) ? undefined : own.id;
    if (inserted.length > 0) ownId ??= store.addShare(holder, leasedUntil, now);
    for (const event of inserted) {
      if (store.insert(ownId as number, event)) count(changeOf(ownId as number), event, 1);
      bytes += event.bytes + rowBytes;
    }
    for (const { event, error } of ended.rejections) {
      store.reject(event, error, now);
      bytes += event.bytes + rowBytes;
    }
    for (const row of ended.rows) {
      const { share, kind, id } = row;
      if (share.id === undefined || lost.includes(share)) continue;
      if (store.remove(share.id, kind, id)) count(changeOf(share.id), row, -1);
      bytes += row.bytes + rowBytes;
    }
    for (const [id, change] of changes) store.updateShare(id, leasedUntil, change);
    bytes += alsoWrite();
    return { ownId, lost, bytes };
  });
}
