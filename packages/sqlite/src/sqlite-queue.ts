import { randomUUID } from 'node:crypto';
import type { Queue, QueuedEvent, QueueHost, TrackingError } from '@successeve/core';
import { whenProcessExits } from './at-exit.js';
import { Checkpointer } from './checkpointer.js';
import { Disk } from './disk.js';
import { Ended } from './ended.js';
import { nodeSqlite } from './node-sqlite.js';
import { patienceMs } from './open-file.js';
import { resolveOptions, type SqliteQueueOptions } from './options.js';
import { Persisted } from './persisted.js';
import { kinds } from './schema.js';
import { type AdoptedEvent, Amount, isAdopted, Share } from './share.js';
import type { EventRow, Kind, Store } from './store.js';
import { type Written, writeChunk } from './write-chunk.js';

/**
 * A queue in a file of this machine: what it holds outlives the process, and several processes may share it.
 *
 * @throws TrackingError with the code `invalid_options` on Node below 22.13, and where the file cannot be used.
 */
export function sqliteQueue(options: SqliteQueueOptions): Queue {
  nodeSqlite();
  return new SqliteQueue(resolveOptions(options));
}

/** How many events come from the file at once, and how many of the oldest are kept in memory. */
const pageSize = 256;

/** When more are fetched of what was taken over: a batch is no larger. */
const fewEvents = 128;

/** How many events one transaction writes: about two milliseconds of work. */
const chunkSize = 1000;

/** What may be in memory only. It is reached where the disk fails, or in one very long turn of the event loop. */
const maxUnwrittenEvents = 100_000;
const maxUnwrittenBytes = 64 * 1024 * 1024;

/** The file is cut to size in steps of about a millisecond; so many empty pages it may keep, idle and in use. */
const shrinkPages = 200;
const keptFreePages = 64;
const sparePages = 4096;

/** How long the end of a process may take for it; what is left is for the next. */
const maxShrinkMs = 100;

const nothingDropped: readonly QueuedEvent[] = [];

/** What a look at the file told. */
interface Beat {
  readonly lost: readonly Share[];
  readonly removed: readonly Share[];
  readonly adopted: readonly Share[];
  readonly elsewhere: { readonly events: number; readonly bytes: number };
}

/**
 * What this process answers for are shares: its own, and those it took over from processes that ended. What is pushed
 * goes to the file in a later turn of the event loop, many events in one transaction; what came to its end leaves it at
 * once, so that a kill does not have it sent again. The oldest stay in memory besides; the others are fetched a page at
 * a time when their turn comes.
 *
 * A transaction takes about two milliseconds, less than it would cost to hand its events to another thread, so that
 * all of this is done on the main one. Only what has to wait for the disk itself is not.
 */
class SqliteQueue implements Queue {
  readonly #options: Required<SqliteQueueOptions>;
  /** Who we are to the other processes. */
  readonly #holder = randomUUID();
  readonly #disk: Disk;
  readonly #persisted: Persisted;
  readonly #checkpointer: Checkpointer;
  #host: QueueHost | undefined;
  #own = new Share();
  /** Taken over from processes that ended; older than our own. */
  #adopted: Share[] = [];
  /** What all others hold in the file. */
  #elsewhere = new Amount();
  /** Events of ours that are in memory only, in order. */
  readonly #unwritten: Readonly<Record<Kind, Map<number, QueuedEvent>>> = {
    event: new Map(),
    pageview: new Map(),
  };
  #unwrittenBytes = 0;
  /** Events with the sender that somebody else answers for by now. */
  readonly #lost = new Set<QueuedEvent>();
  readonly #ended = new Ended();
  #lastId = 0;
  #isWriteDue = false;
  #isShrinkDue = false;
  #hasShrunk = false;
  #beatTimer: NodeJS.Timeout | undefined;
  #leasedUntil = Number.POSITIVE_INFINITY;
  #isClosing = false;
  #isClosed = false;
  readonly #forgetExit: () => void;

  constructor(options: Required<SqliteQueueOptions>) {
    this.#options = options;
    this.#persisted = new Persisted(options.path);
    this.#checkpointer = new Checkpointer(options.path);
    this.#disk = new Disk(
      options.path,
      (error) => this.#host?.error(error),
      () => {
        this.#scheduleWrite();
        this.#host?.wake();
      },
    );
    this.#forgetExit = whenProcessExits(() => {
      this.#writeAll();
      this.#close();
    });
  }

  get length(): number {
    let length = this.#own.atFront + this.#own.behind;
    for (const share of this.#adopted) length += share.atFront;
    return length;
  }

  open(host: QueueHost): void {
    this.#host = host;
    this.#scheduleBeat(0);
  }

  push(event: QueuedEvent): readonly QueuedEvent[] {
    const dropped = this.#hasRoomFor(event) ? nothingDropped : this.#makeRoomFor(event);
    if (dropped[0] === event) return dropped;
    const { id, kind, bytes } = event;
    const share = this.#own;
    const lane = share.lanes[kind];
    if (lane.behind === 0 && lane.atFront < pageSize) {
      lane.append(event);
      lane.lastRowId = id;
    } else lane.behind++;
    share.held.add(event);
    if (kind === 'pageview') share.sheddable.add(event);
    this.#unwritten[kind].set(id, event);
    this.#unwrittenBytes += bytes;
    this.#lastId = id;
    this.#scheduleWrite();
    return dropped;
  }

  lease(limit: number): QueuedEvent[] {
    const leased: QueuedEvent[] = [];
    if (this.#isClosing) return leased;
    // We stood still: what is in memory may be somebody else's by now.
    if (Date.now() > this.#leasedUntil) this.#beat();
    // While an answer cannot be written, nothing new goes out: a kill would send that again as well.
    if (!this.#ended.isEmpty && !this.#disk.isFailing && !this.#writeEnded()) return leased;
    for (const kind of kinds) {
      while (leased.length < limit) {
        const event = this.#shift(kind);
        if (!event) break;
        this.#shareOf(event).leased.add(event);
        leased.push(event);
      }
    }
    this.#fetchAdopted();
    return leased;
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    for (const event of events) {
      this.#shareOf(event).leased.delete(event);
      this.#end(event, rejection);
    }
    // In the turn of the answer: what a kill finds in the file is sent again.
    if (!this.#disk.isFailing) this.#writeEnded();
    this.#scheduleWrite();
    if (this.#isClosing) this.#closeWhenIdle();
  }

  release(events: readonly QueuedEvent[]): void {
    const ours: QueuedEvent[] = [];
    for (const event of events) {
      const share = this.#shareOf(event);
      share.leased.delete(event);
      if (this.#lost.delete(event)) {
        share.held.subtract(event);
        this.#host?.disown(isAdopted(event) ? { tracked: 0, adopted: 1 } : { tracked: 1, adopted: 0 });
      } else ours.push(event);
    }
    for (const share of new Set(ours.map((event) => this.#shareOf(event)))) {
      share.putBack(ours.filter((event) => this.#shareOf(event) === share));
    }
  }

  persisted(): Promise<void> {
    const persisted = this.#persisted.wait(this.#lastId);
    if (this.#isClosed) this.#persisted.check(this.#firstUnwrittenId);
    else this.#scheduleWrite();
    this.#disk.holdProcess();
    return persisted;
  }

  close(): readonly QueuedEvent[] {
    if (this.#isClosed) return nothingDropped;
    this.#isClosing = true;
    this.#writeAll();
    const lost = this.#takeUnwritten();
    this.#persisted.check(this.#firstUnwrittenId);
    this.#closeWhenIdle();
    return lost;
  }

  // What waits

  #shareOf(event: QueuedEvent): Share {
    return isAdopted(event) ? event.share : this.#own;
  }

  #shift(kind: Kind): QueuedEvent | undefined {
    for (const share of this.#adopted) {
      const event = this.#shiftFrom(share, kind);
      if (event) return event;
    }
    return this.#shiftFrom(this.#own, kind);
  }

  #shiftFrom(share: Share, kind: Kind): QueuedEvent | undefined {
    const lane = share.lanes[kind];
    if (lane.atFront === 0 && lane.behind > 0) this.#fetch(share, kind);
    return share.shift(kind);
  }

  /** Brings a page of a lane from the file to its front. */
  #fetch(share: Share, kind: Kind): void {
    const { id } = share;
    const after = share.lanes[kind].lastRowId;
    const rows = id === undefined ? [] : this.#disk.read((store) => store.page(id, kind, after, pageSize));
    if (rows === 'busy') return;
    // Whoever can read it takes it over; that may be we.
    if (rows === 'failed') this.#lose(share);
    else if (share === this.#own) this.#fetchOwn(kind, rows);
    else this.#fetchAdoptedRows(share, kind, rows);
  }

  #fetchOwn(kind: Kind, rows: readonly EventRow[]): void {
    const lane = this.#own.lanes[kind];
    const take = (event: QueuedEvent): void => {
      lane.append(event);
      lane.lastRowId = event.id;
      lane.behind--;
    };
    for (const row of rows) take({ ...row, kind });
    // What is not written yet is younger than all that is.
    for (const [id, event] of this.#unwritten[kind]) {
      if (lane.atFront >= pageSize) return;
      if (id > lane.lastRowId) take(event);
    }
  }

  #fetchAdoptedRows(share: Share, kind: Kind, rows: readonly EventRow[]): void {
    const lane = share.lanes[kind];
    for (const row of rows) {
      const id = this.#host?.adopt() ?? -1;
      const event: AdoptedEvent = { ...row, id, rowId: row.id, kind, share };
      lane.append(event);
      lane.lastRowId = row.id;
    }
    // The share's totals say how many there should be; a page that is not full says that there are no more.
    lane.behind = rows.length < pageSize ? 0 : Math.max(1, lane.behind - rows.length);
  }

  /** Sees to it that enough for a batch of what was taken over is in memory, for as long as there is any. */
  #fetchAdopted(): void {
    let atFront = 0;
    for (const share of this.#adopted) {
      for (const kind of kinds) {
        const lane = share.lanes[kind];
        if (atFront + lane.atFront < fewEvents && lane.behind > 0) this.#fetch(share, kind);
        atFront += lane.atFront;
      }
      if (atFront >= fewEvents) return;
    }
  }

  /** An event leaves the queue for good. */
  #end(event: QueuedEvent, rejection?: TrackingError): void {
    const share = this.#shareOf(event);
    share.held.subtract(event);
    if (rejection) this.#ended.reject(event, rejection);
    const isInFile = !this.#forgetUnwritten(event) && !this.#lost.delete(event);
    if (isInFile) this.#ended.remove(share, event);
  }

  /** @returns whether the event was in memory only. */
  #forgetUnwritten(event: QueuedEvent): boolean {
    const wasUnwritten = this.#unwritten[event.kind].delete(event.id);
    if (wasUnwritten) this.#unwrittenBytes -= event.bytes;
    return wasUnwritten;
  }

  // Room

  #hasRoomFor({ bytes }: QueuedEvent): boolean {
    if (!this.#hasMemoryFor(bytes)) {
      // A turn so long that the disk has not had its own: it gets one now.
      if (!this.#disk.isFailing) this.#disk.insist(() => this.#write());
      if (!this.#hasMemoryFor(bytes)) return false;
    }
    let { events: allEvents, bytes: allBytes } = this.#elsewhere;
    allEvents += this.#own.held.events;
    allBytes += this.#own.held.bytes;
    for (const { held } of this.#adopted) {
      allEvents += held.events;
      allBytes += held.bytes;
    }
    return allEvents < this.#options.maxEvents && allBytes + bytes <= this.#options.maxBytes;
  }

  #hasMemoryFor(bytes: number): boolean {
    return (
      this.#unwritten.event.size + this.#unwritten.pageview.size < maxUnwrittenEvents &&
      this.#unwrittenBytes + bytes <= maxUnwrittenBytes
    );
  }

  #makeRoomFor(event: QueuedEvent): readonly QueuedEvent[] {
    if (!this.#canMakeRoomFor(event)) return [event];
    const dropped: QueuedEvent[] = [];
    while (!this.#hasRoomFor(event)) {
      const oldest = this.#hasMemoryFor(event.bytes) ? this.#shift('pageview') : this.#shiftUnwritten();
      if (!oldest) return [event, ...dropped];
      this.#end(oldest);
      dropped.push(oldest);
    }
    return dropped;
  }

  #canMakeRoomFor({ bytes }: QueuedEvent): boolean {
    let sheddable = 0;
    let unsheddableBytes = this.#elsewhere.bytes;
    for (const share of [...this.#adopted, this.#own]) {
      sheddable += share.sheddable.events;
      unsheddableBytes += share.held.bytes - share.sheddable.bytes;
    }
    return sheddable > 0 && unsheddableBytes + bytes <= this.#options.maxBytes;
  }

  /** Takes the oldest waiting pageview that is in memory only: while the disk fails, no other makes room there. */
  #shiftUnwritten(): QueuedEvent | undefined {
    const { lanes, sheddable } = this.#own;
    const unwritten = this.#unwritten.pageview;
    if (lanes.pageview.first && unwritten.has(lanes.pageview.first.id)) return this.#own.shift('pageview');
    for (const [id, event] of unwritten) {
      if (id <= lanes.pageview.lastRowId) continue;
      lanes.pageview.behind--;
      sheddable.subtract(event);
      return event;
    }
    return undefined;
  }

  // Writing

  get #hasWork(): boolean {
    return this.#unwritten.event.size + this.#unwritten.pageview.size > 0 || !this.#ended.isEmpty;
  }

  get #firstUnwrittenId(): number {
    const [event = Number.POSITIVE_INFINITY] = this.#unwritten.event.keys();
    const [pageview = Number.POSITIVE_INFINITY] = this.#unwritten.pageview.keys();
    return Math.min(event, pageview);
  }

  /** Writes in a later turn of the event loop, one chunk a turn. */
  #scheduleWrite(): void {
    if (this.#isWriteDue || this.#isClosed) return;
    this.#isWriteDue = true;
    setImmediate(() => {
      this.#isWriteDue = false;
      if (this.#isClosed) return;
      // While the disk rests, it says when it may be tried again.
      if (this.#hasWork && !this.#disk.isResting) this.#write();
      this.#persisted.check(this.#firstUnwrittenId);
      if (this.#persisted.isAwaited) this.#disk.holdProcess();
      if (this.#hasWork && !this.#disk.isResting) this.#scheduleWrite();
      else this.#shrink();
    });
  }

  /** Writes everything now, at a moment when nothing comes after. */
  #writeAll(): void {
    if (this.#isClosed) return;
    this.#disk.insist(() => {
      while (this.#hasWork && this.#write());
    });
    this.#persisted.check(this.#firstUnwrittenId);
  }

  /** Writes one chunk; tells whether that went well. */
  #write(): boolean {
    return this.#writeChunk(this.#nextUnwritten(), false);
  }

  /** Writes a chunk of what came to its end, and that alone, so that it takes no longer than it must. */
  #writeEnded(): boolean {
    return this.#ended.isEmpty || this.#writeChunk([], true);
  }

  #writeChunk(inserted: readonly QueuedEvent[], isUrgent: boolean): boolean {
    const ended = this.#ended.take(chunkSize);
    const now = Date.now();
    const write = (store: Store): Written =>
      writeChunk(store, {
        holder: this.#holder,
        now,
        leasedUntil: now + this.#options.leaseMs,
        own: this.#own,
        inserted,
        ended,
      });
    const written = isUrgent ? this.#disk.attemptNow(write) : this.#disk.attempt(write);
    if (!written) {
      this.#ended.putBack(ended);
      return false;
    }
    for (const share of written.lost) this.#lose(share);
    this.#own.id = written.ownId;
    for (const event of inserted) this.#forgetUnwritten(event);
    this.#persisted.wrote();
    this.#checkpointer.wrote(written.bytes);
    this.#isShrinkDue ||= ended.rows.length > 0;
    return true;
  }

  #nextUnwritten(): QueuedEvent[] {
    const next: QueuedEvent[] = [];
    for (const kind of kinds) {
      for (const event of this.#unwritten[kind].values()) {
        if (next.length === chunkSize) return next;
        next.push(event);
      }
    }
    return next;
  }

  // Answering for shares

  #scheduleBeat(ms: number): void {
    clearTimeout(this.#beatTimer);
    this.#beatTimer = setTimeout(() => this.#beat(), ms);
    this.#beatTimer.unref();
  }

  /** Says that we live, and looks for those who do not any more. */
  #beat(): void {
    const { leaseMs } = this.#options;
    const now = Date.now();
    const found = this.#disk.attempt((store) => store.transaction(() => this.#renew(store, now)));
    if (!found) {
      this.#scheduleBeat(this.#disk.isFailing ? leaseMs / 10 : 5);
      return;
    }
    this.#leasedUntil = now + leaseMs;
    this.#checkpointer.wrote(0);
    for (const share of found.lost) this.#lose(share);
    this.#adopted = this.#adopted.filter((share) => !found.removed.includes(share));
    this.#adopted.push(...found.adopted);
    this.#elsewhere = new Amount(found.elsewhere.events, found.elsewhere.bytes);
    if (found.adopted.length > 0) {
      this.#fetchAdopted();
      this.#host?.wake();
    }
    this.#scheduleBeat(leaseMs / 3);
  }

  #renew(store: Store, now: number): Beat {
    if (!store.isUsable) throw new Error('a newer version has changed it');
    const leasedUntil = now + this.#options.leaseMs;
    const known = [...this.#adopted, this.#own];
    const held = store.renew(this.#holder, leasedUntil);
    const lost = known.filter(({ id }) => id !== undefined && !held.some((row) => row.id === id));
    const isDone = (share: Share): boolean => share.isDone && !this.#ended.has(share);
    const removed = this.#adopted.filter(
      (share) => isDone(share) && share.id !== undefined && store.removeIfEmpty(share.id),
    );
    // Those that could not be read at first are in our name, but not known.
    const unread = held.filter((row) => !known.some(({ id }) => id === row.id));
    const found = this.#isClosing ? [] : [...unread, ...store.adopt(this.#holder, leasedUntil, now)];
    const adopted = found.sort((a, b) => a.id - b.id).map((row) => new Share(row));
    return { lost, removed, adopted, elsewhere: store.totalsBeside(this.#holder) };
  }

  /** Somebody else answers for a share by now, because we stood still, or could not read it. */
  #lose(share: Share): void {
    this.#ended.forget(share);
    for (const event of share.leased) {
      if (!this.#unwritten[event.kind].has(event.id)) this.#lost.add(event);
    }
    if (share !== this.#own) {
      this.#adopted = this.#adopted.filter((other) => other !== share);
      this.#host?.disown({ tracked: 0, adopted: share.atFront });
      return;
    }
    this.#own = this.#startAnew(share);
    this.#host?.disown({
      tracked: share.atFront + share.behind - this.#own.atFront - this.#own.behind,
      adopted: 0,
    });
  }

  /** A new share of our own, with what the file never had. */
  #startAnew(old: Share): Share {
    const fresh = new Share();
    fresh.leased = old.leased;
    for (const event of this.#lost) if (old.leased.has(event)) fresh.held.add(event);
    for (const kind of kinds) {
      const lane = fresh.lanes[kind];
      lane.lastRowId = old.lanes[kind].lastRowId;
      for (const event of this.#unwritten[kind].values()) {
        fresh.held.add(event);
        if (old.leased.has(event)) continue;
        if (kind === 'pageview') fresh.sheddable.add(event);
        if (event.id > lane.lastRowId) lane.behind++;
        else lane.append(event);
      }
    }
    return fresh;
  }

  // Housekeeping and the end

  /** Gives back what the file no longer needs, a little at a time. */
  #shrink(): void {
    if (!this.#isShrinkDue || this.#isClosed || this.#disk.isResting) return;
    const isDone = this.#disk.attempt((store) => {
      // While it is in use it would only grow again.
      if (store.freePages <= (this.length === 0 ? keptFreePages : sparePages)) return true;
      store.shrink(shrinkPages);
      this.#hasShrunk = true;
      return false;
    });
    this.#isShrinkDue = !isDone;
    if (isDone === false) setImmediate(() => this.#shrink());
    if (!isDone || !this.#hasShrunk) return;
    this.#hasShrunk = false;
    // The file itself becomes smaller with the next checkpoint.
    this.#checkpointer.run();
  }

  /** Takes what waits in memory only: the disk did not take it to the last. */
  #takeUnwritten(): QueuedEvent[] {
    const taken: QueuedEvent[] = [];
    for (const kind of kinds) {
      const lane = this.#own.lanes[kind];
      const unwritten = this.#unwritten[kind];
      taken.push(...lane.takeWhere((event) => unwritten.has(event.id)));
      for (const [id, event] of unwritten) {
        if (id <= lane.lastRowId) continue;
        lane.behind--;
        taken.push(event);
      }
    }
    for (const event of taken) {
      if (event.kind === 'pageview') this.#own.sheddable.subtract(event);
      this.#end(event);
    }
    return taken;
  }

  /** What is with the sender stays leased until its request has ended; nobody else should send it meanwhile. */
  #closeWhenIdle(): void {
    const shares = [...this.#adopted, this.#own];
    if (this.#isClosed || shares.some(({ leased }) => leased.size > 0)) return;
    this.#writeAll();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#beatTimer);
    this.#forgetExit();
    this.#disk.attempt((store) => {
      store.waitForOthers(patienceMs);
      store.transaction(() => {
        store.releaseAll(this.#holder);
        for (const { id } of [...this.#adopted, this.#own]) if (id !== undefined) store.removeIfEmpty(id);
      });
      const giveUpAt = Date.now() + maxShrinkMs;
      while (store.freePages > keptFreePages && Date.now() < giveUpAt) store.shrink(shrinkPages);
    });
    this.#disk.close();
    this.#checkpointer.close();
  }
}
