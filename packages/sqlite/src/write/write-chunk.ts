import type { QueuedEvent } from '@successeve/core/queue';
import type { Store } from '../file/store.js';
import type { Identity } from '../identity.js';
import type { SettledChunk } from '../memory/settled.js';
import type { Share } from '../memory/share.js';

/** What one transaction writes. */
export interface Chunk {
  readonly identity: Identity;
  readonly own: Share;
  readonly inserted: readonly QueuedEvent[];
  readonly settled: SettledChunk;
}

export interface WrittenChunk {
  /** The share with the inserted events: a new one, where there was none or ours was lost. */
  readonly ownId: number | undefined;
  /** Shares that another process took over; nothing of them was touched. */
  readonly lost: readonly Share[];
  /** About how many bytes went into the WAL. */
  readonly bytes: number;
}

/** What a row takes besides its body. */
const rowBytes = 40;

/** What the smallest transaction puts into the WAL, which consists of pages: 10 to 30 KB, measured. */
const transactionBytes = 20_000;

/** Writes a chunk, in a transaction that is under way. */
export function writeChunk(store: Store, { identity, own, inserted, settled }: Chunk): WrittenChunk {
  const { holder, leaseMs } = identity;
  const touched = new Set(settled.rows.map(({ share }) => share));
  if (inserted.length > 0) touched.add(own);
  const lost = [...touched].filter(({ id }) => id !== undefined && !store.isHeldBy(id, holder));
  let bytes = transactionBytes;
  let ownId = lost.includes(own) ? undefined : own.id;
  for (const event of inserted) {
    ownId ??= store.addShare(holder, Date.now() + leaseMs, Date.now());
    store.insert(ownId, event);
    bytes += event.bytes + rowBytes;
  }
  for (const { event, error } of settled.rejections) {
    store.reject(event, error, Date.now());
    bytes += event.bytes + rowBytes;
  }
  for (const row of settled.rows) {
    if (row.share.id === undefined || lost.includes(row.share)) continue;
    store.remove(row.share.id, row);
    bytes += row.bytes + rowBytes;
  }
  return { ownId, lost, bytes };
}
