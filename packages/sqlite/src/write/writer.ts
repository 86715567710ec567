import type { QueuedEvent } from '@successeve/core/queue';
import type { Checkpointer } from '../file/checkpointer.js';
import type { Disk } from '../file/disk.js';
import type { Persisted } from '../file/persisted.js';
import type { Shrinker } from '../file/shrinker.js';
import type { Identity } from '../identity.js';
import type { EndedRow } from '../memory/settled.js';
import type { Shares } from '../memory/shares.js';
import type { Notes } from '../recovery/delivery-log.js';
import type { Mover } from '../recovery/mover.js';
import type { FileDigests } from './digests.js';
import { writeChunk } from './write-chunk.js';

/** How many events one transaction writes: about two milliseconds of work. */
const chunkSize = 1000;

interface WriterParts {
  readonly identity: Identity;
  readonly shares: Shares;
  readonly digests: FileDigests;
  readonly disk: Disk;
  readonly mover: Mover;
  readonly notes: Notes;
  readonly persisted: Persisted;
  readonly checkpointer: Checkpointer;
  readonly shrinker: Shrinker;
}

/** Tells the file what it does not know yet: of new events in a later turn, of the end of any at once. */
export class Writer {
  readonly #identity: Identity;
  readonly #shares: Shares;
  readonly #digests: FileDigests;
  readonly #disk: Disk;
  readonly #mover: Mover;
  readonly #notes: Notes;
  readonly #persisted: Persisted;
  readonly #checkpointer: Checkpointer;
  readonly #shrinker: Shrinker;
  #isDue = false;
  #isStopped = false;

  constructor({
    identity,
    shares,
    digests,
    disk,
    mover,
    notes,
    persisted,
    checkpointer,
    shrinker,
  }: WriterParts) {
    this.#identity = identity;
    this.#shares = shares;
    this.#digests = digests;
    this.#disk = disk;
    this.#mover = mover;
    this.#notes = notes;
    this.#persisted = persisted;
    this.#checkpointer = checkpointer;
    this.#shrinker = shrinker;
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
   * Writes what came to its end, and that alone, so that it takes no longer than it must. Where the file cannot be
   * written just now, `rows` are noted beside it.
   */
  writeEnded(rows: readonly EndedRow[]): void {
    if (this.#shares.ended.isEmpty) return;
    const isWritten = !this.#disk.isFailing && this.#write([]);
    if (!isWritten) this.#notes.add(rows);
  }

  /** Writes a chunk now, at a moment when the turn of the event loop has become too long. */
  writeNow(): void {
    if (!this.#disk.isFailing) this.#disk.insist(() => this.#writeNext());
  }

  /** Writes everything now, at a moment when nothing comes after. */
  writeAll(): void {
    if (this.#isStopped) return;
    this.#disk.insist(() => {
      while (this.#hasWork && this.#writeNext());
    });
    this.checkPersisted();
  }

  /** Tells those who wait for it what is in the file. */
  checkPersisted(): void {
    this.#persisted.check(this.#shares.unwritten.firstId);
  }

  stop(): void {
    this.#isStopped = true;
  }

  get #hasWork(): boolean {
    const { unwritten, ended } = this.#shares;
    return !unwritten.isEmpty || !ended.isEmpty || this.#digests.hasChanges;
  }

  #takeTurn(): void {
    // While the disk rests, it says when it may be tried again.
    if (this.#hasWork && !this.#disk.isResting) this.#writeNext();
    this.checkPersisted();
    if (this.#persisted.isAwaited) this.#disk.holdProcess();
    if (this.#hasWork ? !this.#disk.isResting : this.#shrinker.run()) this.schedule();
  }

  #writeNext(): boolean {
    return this.#write(this.#shares.unwritten.next(chunkSize));
  }

  /** Writes one chunk; tells whether that went well. */
  #write(inserted: readonly QueuedEvent[]): boolean {
    if (!this.#mover.ensureInPlace()) return false;
    const { holder, leaseMs } = this.#identity;
    const { own, unwritten } = this.#shares;
    const ended = this.#shares.ended.take(chunkSize);
    const digests = this.#digests.take(inserted, chunkSize);
    const now = Date.now();
    const written = this.#disk.attempt((store) =>
      writeChunk(store, {
        holder,
        now,
        leasedUntil: now + leaseMs,
        own,
        inserted,
        ended,
        alsoWrite: () => this.#digests.write(store, digests),
      }),
    );
    if (!written) {
      this.#shares.ended.putBack(ended);
      this.#digests.putBack(digests);
      return false;
    }
    for (const share of written.lost) this.#shares.lose(share);
    this.#shares.own.id = written.ownId;
    for (const event of inserted) unwritten.delete(event);
    this.#persisted.wrote();
    this.#checkpointer.wrote(written.bytes);
    if (ended.rows.length > 0) this.#shrinker.freed();
    if (this.#shares.ended.isEmpty) this.#notes.clear();
    return true;
  }
}
