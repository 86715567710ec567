import type { QueuedEvent } from '@successeve/core/queue';
import type { Store } from '../file/store.js';
import { Syncer } from '../file/syncer.js';
import type { SettledChunk, SettledRow, Shares } from '../memory/shares.js';
import type { QueueFile } from '../queue-file.js';
import type { DigestChunk, FileDigests } from './digests.js';

/** How many events one transaction writes: about two milliseconds of work. */
const chunkSize = 1000;

/** The bytes of a row without its body. */
const rowBytes = 40;

/** The bytes that the smallest transaction writes to the WAL, which consists of pages: 10 to 30 KB, measured. */
const transactionBytes = 20_000;

/** The bytes that the change of a digest writes: a page of the table, and one of its index. */
const digestBytes = 8192;

/** Writes to the file: new events in a later turn of the event loop, settled ones at once. */
export class Writer {
  readonly #shares: Shares;
  readonly #digests: FileDigests;
  readonly #file: QueueFile;
  readonly #syncer: Syncer;
  #isDue = false;
  #isStopped = false;

  constructor(shares: Shares, digests: FileDigests, file: QueueFile) {
    this.#shares = shares;
    this.#digests = digests;
    this.#file = file;
    this.#syncer = new Syncer(file.identity.path, file.report, () => this.resolvePersisted());
  }

  /** Writes in a later turn of the event loop, one chunk a turn. */
  schedule(): void {
    if (this.#isDue || this.#isStopped) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (!this.#isStopped) this.#takeTurn();
    });
  }

  /**
   * Writes settled events now, and those alone, so that it takes no longer than it must. Where the file cannot be
   * written, the delivered `rows` go to the delivery log.
   */
  writeSettled(rows: readonly SettledRow[]): void {
    if (!this.#shares.hasSettled) return;
    const isWritten = !this.#file.isFailing('delete') && this.#write([]);
    if (!isWritten) this.#file.deliveryLog.append(rows);
  }

  /** Writes a chunk now, in a turn of the event loop that is too long to wait for its end. */
  writeNow(): void {
    if (!this.#file.isFailing('insert')) this.#file.waitForLock(() => this.#writeNext());
  }

  /** Writes everything now, at a moment when nothing comes after. */
  writeAll(): void {
    if (this.#isStopped) return;
    this.#file.waitForLock(() => {
      while (this.#hasWork && this.#writeNext());
    });
    this.resolvePersisted();
  }

  /** Resolves when the events up to an id are on the disk, or settled. */
  persisted(lastId: number): Promise<void> {
    const persisted = this.#syncer.wait(lastId);
    if (this.#isStopped) this.resolvePersisted();
    else this.schedule();
    this.#file.holdProcess();
    return persisted;
  }

  /** Resolves the waits for events that are in the file, or no longer need to be. */
  resolvePersisted(): void {
    this.#syncer.resolveBelow(this.#shares.unwritten.firstId);
  }

  stop(): void {
    this.#isStopped = true;
    this.#syncer.close();
  }

  get #hasWork(): boolean {
    return !this.#shares.unwritten.isEmpty || this.#shares.hasSettled || this.#digests.hasChanges;
  }

  #takeTurn(): void {
    // The file schedules the retry at the end of a back-off.
    if (this.#hasWork && !this.#file.isBackingOff) this.#writeNext();
    this.resolvePersisted();
    if (this.#syncer.isAwaited) this.#file.holdProcess();
    if (this.#hasWork ? !this.#file.isBackingOff : this.#file.shrink()) this.schedule();
  }

  #writeNext(): boolean {
    return this.#write(this.#shares.unwritten.next(chunkSize));
  }

  /** Writes one chunk. Returns whether that succeeded. */
  #write(inserted: readonly QueuedEvent[]): boolean {
    // A move gives the shares other ids, so it comes before the chunk is made.
    if (!this.#file.ensureInPlace()) return false;
    const settled = this.#shares.nextSettled(chunkSize);
    const digests = this.#digests.next(inserted, chunkSize);
    const kind = inserted.length + settled.rejections.length > 0 ? 'insert' : 'delete';
    const written = this.#file.attempt(kind, (store) =>
      store.transaction(() => {
        this.#digests.write(store, digests);
        return this.#writeChunk(store, inserted, settled);
      }),
    );
    if (!written) return false;
    this.#shares.deleteSettled(settled);
    this.#digests.wrote(digests);
    for (const share of written.lost) this.#shares.lose(share);
    this.#shares.own.id = written.ownId;
    for (const event of inserted) this.#shares.unwritten.delete(event);
    this.#syncer.wrote();
    this.#file.wrote(walBytes(inserted, settled, digests), settled.rows.length);
    if (!this.#shares.hasSettled) this.#file.deliveryLog.delete();
    return true;
  }

  /** @returns the id of our own share, and the shares that another process took over. */
  #writeChunk(store: Store, inserted: readonly QueuedEvent[], { rows, rejections }: SettledChunk) {
    const { own } = this.#shares;
    const touched = new Set(rows.map(({ share }) => share));
    if (inserted.length > 0) touched.add(own);
    const lost = [...touched].filter(({ id }) => id !== 0 && !store.isHeld(id));
    let ownId = lost.includes(own) ? 0 : own.id;
    for (const event of inserted) {
      ownId ||= store.addShare();
      store.insert(ownId, event);
    }
    for (const { event, error } of rejections) store.reject(event, error);
    for (const row of rows) {
      if (!lost.includes(row.share)) store.remove(row.share.id, row);
    }
    return { ownId, lost };
  }
}

/** About how many bytes a transaction wrote to the WAL. */
function walBytes(
  inserted: readonly QueuedEvent[],
  { rows, rejections }: SettledChunk,
  { changes }: DigestChunk,
): number {
  let bytes = transactionBytes + changes.length * digestBytes;
  for (const event of inserted) bytes += event.bytes + rowBytes;
  for (const { event } of rejections) bytes += event.bytes + rowBytes;
  for (const row of rows) bytes += row.bytes + rowBytes;
  return bytes;
}
