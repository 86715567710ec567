import { randomUUID } from 'node:crypto';
import { TrackingError } from '@successeve/core';
import { eventKinds, type Queue, type QueuedEvent, type QueueHost } from '@successeve/core/queue';
import { nodeSqlite } from './file/node-sqlite.js';
import { whenProcessExits } from './lease/at-exit.js';
import { Heartbeat } from './lease/heartbeat.js';
import { Capacity } from './memory/capacity.js';
import { ReadAhead } from './memory/read-ahead.js';
import { Shares } from './memory/shares.js';
import { resolveOptions, type SqliteQueueOptions } from './options.js';
import { QueueFile } from './queue-file.js';
import { FileDigests } from './write/digests.js';
import { Writer } from './write/writer.js';

/**
 * Creates a queue in a file of this machine: its events outlive the process, and several processes may share it.
 *
 * @throws TrackingError with the code `invalid_options` on Node below 22.13, and where the file cannot be used.
 */
export function sqliteQueue(options: SqliteQueueOptions): Queue {
  nodeSqlite();
  return new SqliteQueue(resolveOptions(options));
}

/** Stands in until a tracker opens the queue. */
const noHost: QueueHost = { wake() {}, error() {}, adopt: () => -1, disown() {} };

/**
 * Each event is in one state of each column:
 *
 * | for the sender | becomes | by |
 * | --- | --- | --- |
 * | waiting | leased | `lease`, accounts first and pageviews last |
 * | waiting | dropped | `Capacity.reserve`, a pageview that makes room; `close`, an event that the file did not take |
 * | leased | waiting | `release` |
 * | leased | settled | `settle` |
 *
 * | for the file | becomes | by |
 * | --- | --- | --- |
 * | unwritten, in memory only | written | `Writer`, in a later turn of the event loop, many in one transaction |
 * | unwritten | gone | `settle` or a drop: the file never has it |
 * | written | removed | `Writer`, in the turn of `settle`, so that a kill does not send it again |
 *
 * Events belong to shares, which have one holder each:
 *
 * | share | becomes | by |
 * | --- | --- | --- |
 * | own | free | `close`, or a lease that runs out after a kill |
 * | own or adopted | lost | `Heartbeat` or `Writer` of a frozen process, when another one has adopted it |
 * | free | adopted | `Heartbeat` of any process |
 * | adopted | removed | `Heartbeat`, once it is empty |
 *
 * The queue is open, then closing from `close` until no event is leased, then closed. `Disk` describes a file that
 * cannot be used.
 *
 * All of this happens on the main thread: a transaction takes some two milliseconds, less than it would cost to hand its
 * events to another thread. Only syncs and checkpoints, which wait for the disk itself, are in other threads.
 */
class SqliteQueue implements Queue {
  readonly digests: FileDigests;
  readonly #shares: Shares;
  readonly #file: QueueFile;
  readonly #readAhead: ReadAhead;
  readonly #capacity: Capacity;
  readonly #writer: Writer;
  readonly #heartbeat: Heartbeat;
  readonly #cancelExit: () => void;
  #host = noHost;
  #lastId = 0;
  #isClosing = false;
  #isClosed = false;

  constructor({ path, leaseMs, ...limits }: Required<SqliteQueueOptions>) {
    const identity = { path, leaseMs, holder: randomUUID() };
    this.#shares = new Shares((events) => this.#host.disown(events));
    this.#file = new QueueFile(identity, this.#shares, (error) => this.#host.error(error));
    this.#readAhead = new ReadAhead(this.#file, this.#shares, () => this.#host.adopt());
    this.#capacity = new Capacity(limits, this.#shares, this.#readAhead);
    this.digests = new FileDigests(this.#file, this.#shares.unwritten);
    this.#writer = new Writer(this.#shares, this.digests, this.#file);
    this.#heartbeat = new Heartbeat(this.#shares, this.#file, () => {
      this.#readAhead.fetchAdopted();
      this.#host.wake();
    });
    this.#file.onBackoffEnd = () => {
      this.#file.ensureInPlace();
      this.#writer.schedule();
      this.#host.wake();
    };
    this.#cancelExit = whenProcessExits(() => {
      this.#writer.writeAll();
      this.#close();
    });
  }

  get length(): number {
    return this.#shares.length;
  }

  /** @throws TrackingError with the code `invalid_options` where another tracker has opened it. */
  open(host: QueueHost): void {
    if (this.#host !== noHost) {
      const message =
        'queue: expected one that no tracker has used yet, got one that belongs to another tracker: give each its own sqliteQueue(), which may be on the same file';
      throw new TrackingError('invalid_options', message);
    }
    this.#host = host;
    this.#heartbeat.start();
  }

  push(event: QueuedEvent): readonly QueuedEvent[] {
    // A tracker's ids rise. This one is of a tracker that goes on though `open` threw, and its events could take the
    // place of ours.
    if (event.id <= this.#lastId) return [event];
    this.digests.bindTo(event);
    if (!this.#shares.unwritten.hasRoomFor(event.bytes)) this.#writer.writeNow();
    const dropped = this.#capacity.reserve(event);
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
    for (const kind of eventKinds) {
      while (leased.length < limit) {
        const event = this.#readAhead.shift(kind);
        if (!event) break;
        this.#shares.of(event).leased.add(event);
        leased.push(event);
      }
    }
    this.#readAhead.fetchAdopted();
    return leased;
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    const rows = events.flatMap((event) => {
      this.#shares.of(event).leased.delete(event);
      return this.#shares.settle(event, rejection) ?? [];
    });
    // A rejected event does not go to the delivery log: sent again, it is rejected again, and then listed with the reason.
    this.#writer.writeSettled(rejection ? [] : rows);
    this.#writer.schedule();
    if (this.#isClosing) this.#closeWhenIdle();
  }

  release(events: readonly QueuedEvent[]): void {
    this.#shares.release(events);
  }

  persisted(): Promise<void> {
    return this.#writer.persisted(this.#lastId);
  }

  close(): readonly QueuedEvent[] {
    if (this.#isClosed) return [];
    this.#isClosing = true;
    this.#heartbeat.leave();
    this.#writer.writeAll();
    const lost = this.#shares.takeUnwritten();
    this.#writer.resolvePersisted();
    this.#closeWhenIdle();
    return lost;
  }

  /** Events stay leased until their requests have ended; until then, no other process should send them. */
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
    this.#cancelExit();
    this.#file.finish((store) => {
      // Where settled events are not removed yet, the delivery log stands for them, under our name.
      if (!this.#shares.hasSettled) store.releaseAll();
      for (const { id } of this.#shares.all) store.removeIfEmpty(id);
    });
  }
}
