import { randomUUID } from 'node:crypto';
import { type Queue, TrackingError } from '@successeve/core';
import type { QueuedEvent, QueueHost } from '@successeve/core/queue';
import { Checkpointer } from './file/checkpointer.js';
import { Disk } from './file/disk.js';
import { nodeSqlite } from './file/node-sqlite.js';
import { patienceMs } from './file/open-file.js';
import { Persisted } from './file/persisted.js';
import { kinds } from './file/schema.js';
import { Shrinker } from './file/shrinker.js';
import { whenProcessExits } from './lease/at-exit.js';
import { Heartbeat } from './lease/heartbeat.js';
import { Room } from './memory/capacity.js';
import { Front } from './memory/read-ahead.js';
import { Shares } from './memory/shares.js';
import { resolveOptions, type SqliteQueueOptions } from './options.js';
import { Notes } from './recovery/delivery-log.js';
import { Mover } from './recovery/mover.js';
import { FileDigests } from './write/digests.js';
import { Writer } from './write/writer.js';

/**
 * A queue in a file of this machine: what it holds outlives the process, and several processes may share it.
 *
 * @throws TrackingError with the code `invalid_options` on Node below 22.13, and where the file cannot be used.
 */
export function sqliteQueue(options: SqliteQueueOptions): Queue {
  nodeSqlite();
  return new SqliteQueue(resolveOptions(options));
}

const nothingLost: readonly QueuedEvent[] = [];

/**
 * What this process answers for are shares: its own, and those it took over from processes that ended. What is pushed
 * goes to the file in a later turn of the event loop, many events in one transaction; what came to its end leaves it at
 * once, so that a kill does not have it sent again. The oldest stay in memory besides; the others are fetched a page at
 * a time when their turn comes.
 *
 * A transaction takes about two milliseconds at most, less than it would cost to hand its events to another thread, so
 * that all of this is done on the main one. Only what has to wait for the disk itself is not.
 */
class SqliteQueue implements Queue {
  readonly digests: FileDigests;
  readonly #holder = randomUUID();
  readonly #disk: Disk;
  readonly #persisted: Persisted;
  readonly #checkpointer: Checkpointer;
  readonly #shares = new Shares((events) => this.#host?.disown(events));
  readonly #front: Front;
  readonly #room: Room;
  readonly #shrinker: Shrinker;
  readonly #mover: Mover;
  readonly #writer: Writer;
  readonly #heartbeat: Heartbeat;
  readonly #forgetExit: () => void;
  #host: QueueHost | undefined;
  #lastId = 0;
  #isClosing = false;
  #isClosed = false;

  constructor({ path, leaseMs, ...limits }: Required<SqliteQueueOptions>) {
    const identity = { path, holder: this.#holder, leaseMs };
    const shares = this.#shares;
    const notes = new Notes(path, this.#holder);
    const onTrouble = (error: TrackingError): void => this.#host?.error(error);
    const persisted = new Persisted(path, onTrouble, () => this.#writer.checkPersisted());
    const checkpointer = new Checkpointer(path);
    const disk: Disk = new Disk(path, onTrouble, () => {
      mover.ensureInPlace();
      this.#writer.schedule();
      this.#host?.wake();
    });
    const digests = new FileDigests(disk, shares.unwritten);
    const front = new Front(disk, shares, () => this.#host?.adopt() ?? -1);
    const shrinker = new Shrinker(disk, checkpointer, () => shares.length === 0);
    const mover = new Mover({ identity, shares, disk, notes, checkpointer });
    this.#writer = new Writer({
      identity,
      shares,
      digests,
      disk,
      mover,
      notes,
      persisted,
      checkpointer,
      shrinker,
    });
    this.#room = new Room(limits, shares, front, () => this.#writer.writeNow());
    this.#heartbeat = new Heartbeat({
      identity,
      shares,
      disk,
      mover,
      checkpointer,
      onAdopted: () => {
        front.fetchAdopted();
        this.#host?.wake();
      },
    });
    this.digests = digests;
    this.#disk = disk;
    this.#persisted = persisted;
    this.#checkpointer = checkpointer;
    this.#front = front;
    this.#shrinker = shrinker;
    this.#mover = mover;
    this.#forgetExit = whenProcessExits(() => {
      this.#writer.writeAll();
      this.#close();
    });
  }

  get length(): number {
    return this.#shares.length;
  }

  /** @throws TrackingError with the code `invalid_options` where a tracker has it already: the account is one tracker's. */
  open(host: QueueHost): void {
    if (this.#host) {
      const message =
        'queue: expected one that no tracker has used yet, got one that belongs to another tracker: give each a sqliteQueue() of its own, which may be on the same file';
      throw new TrackingError('invalid_options', message);
    }
    this.#host = host;
    this.#heartbeat.start();
  }

  push(event: QueuedEvent): readonly QueuedEvent[] {
    // A tracker's ids rise. So it is another's, which goes on though it was told that it cannot have this queue: it is
    // told of each event that would take the place of one of ours.
    if (event.id <= this.#lastId) return [event];
    this.digests.bindTo(event);
    const dropped = this.#room.makeFor(event);
    if (dropped[0] === event) return dropped;
    this.#shares.push(event);
    this.#lastId = event.id;
    this.#writer.schedule();
    return dropped;
  }

  lease(limit: number): QueuedEvent[] {
    const leased: QueuedEvent[] = [];
    if (this.#isClosing) return leased;
    this.#heartbeat.catchUp();
    for (const kind of kinds) {
      while (leased.length < limit) {
        const event = this.#front.shift(kind);
        if (!event) break;
        this.#shares.of(event).leased.add(event);
        leased.push(event);
      }
    }
    this.#front.fetchAdopted();
    return leased;
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    const rows = events.flatMap((event) => {
      this.#shares.of(event).leased.delete(event);
      return this.#shares.end(event, rejection) ?? [];
    });
    // In the turn of the answer: what a kill finds in the file is sent again. As it should be where it was refused, and
    // the file could not be told why.
    this.#writer.writeEnded(rejection ? [] : rows);
    this.#writer.schedule();
    if (this.#isClosing) this.#closeWhenIdle();
  }

  release(events: readonly QueuedEvent[]): void {
    this.#shares.release(events);
  }

  persisted(): Promise<void> {
    const persisted = this.#persisted.wait(this.#lastId);
    if (this.#isClosed) this.#writer.checkPersisted();
    else this.#writer.schedule();
    this.#disk.holdProcess();
    return persisted;
  }

  close(): readonly QueuedEvent[] {
    if (this.#isClosed) return nothingLost;
    this.#isClosing = true;
    this.#heartbeat.leave();
    this.#writer.writeAll();
    const lost = this.#shares.takeUnwritten();
    this.#writer.checkPersisted();
    this.#closeWhenIdle();
    return lost;
  }

  /** What is with the sender stays leased until its request has ended; nobody else should send it meanwhile. */
  #closeWhenIdle(): void {
    if (this.#isClosed || this.#shares.all.some(({ leased }) => leased.size > 0)) return;
    this.#writer.writeAll();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#writer.stop();
    this.#heartbeat.stop();
    this.#forgetExit();
    this.#mover.ensureInPlace();
    this.#disk.attempt((store) => {
      store.waitForOthers(patienceMs);
      store.transaction(() => {
        // Unless it could not be written what was answered: then a note says so, in our name.
        if (this.#shares.ended.isEmpty) store.releaseAll(this.#holder);
        for (const { id } of this.#shares.all) if (id !== undefined) store.removeIfEmpty(id);
      });
      this.#shrinker.runAtEnd(store);
    });
    this.#disk.close();
    this.#persisted.close();
    this.#checkpointer.close();
  }
}
