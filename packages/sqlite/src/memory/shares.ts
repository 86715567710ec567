import type { TrackingError } from '@successeve/core';
import { type EventKind, eventKinds, type QueuedEvent, type QueueHost } from '@successeve/core/queue';
import { forEachKind } from '../file/schema.js';
import type { Lane } from './lane.js';
import { Amount, isAdopted, Share } from './share.js';
import { Unwritten } from './unwritten.js';

/** A row that has to leave the file: its event was settled. */
export interface SettledRow {
  readonly share: Share;
  readonly kind: EventKind;
  readonly id: number;
  /** The size of its body. */
  readonly bytes: number;
}

/** A rejected event, for the file's list of those. */
interface Rejection {
  readonly event: QueuedEvent;
  readonly error: TrackingError;
}

/** The settled events that one transaction writes. */
export interface SettledChunk {
  readonly rows: readonly SettledRow[];
  readonly rejections: readonly Rejection[];
}

/** Most rejected events in memory while the disk fails; older ones are not listed. Our choice: they have bodies. */
const maxRejections = 1000;

/** The shares that this process sends: its own, and those that it took over from processes that ended. */
export class Shares {
  readonly own: Share = new Share();
  /** Oldest first: those that it took over are all older than its own. */
  all: readonly Share[] = [this.own];
  /** The events of all other processes in the file. */
  elsewhere: Pick<Amount, 'events' | 'bytes'> = new Amount();
  readonly unwritten: Unwritten = new Unwritten();
  readonly #rejections: Rejection[] = [];
  /** Leased events that another process has taken over. */
  readonly #lost = new Set<QueuedEvent>();
  readonly #disown: QueueHost['disown'];

  constructor(disown: QueueHost['disown']) {
    this.#disown = disown;
  }

  get adopted(): readonly Share[] {
    return this.all.slice(0, -1);
  }

  /** How many events wait. Of adopted shares, only those that were read yet are counted. */
  get length(): number {
    let length = this.own.waiting;
    for (const share of this.adopted) length += share.atFront;
    return length;
  }

  /** Whether settled events are still to be written. */
  get hasSettled(): boolean {
    return this.#rejections.length > 0 || this.all.some((share) => share.hasSettled);
  }

  of(event: QueuedEvent): Share {
    return isAdopted(event) ? event.share : this.own;
  }

  push(event: QueuedEvent): void {
    this.own.lanes[event.kind].push(event);
    this.own.held.count(event.kind, 1, event.bytes);
    this.unwritten.add(event);
  }

  /**
   * Removes an event from the queue for good.
   *
   * @returns its row, where it is in the file.
   */
  settle(event: QueuedEvent, error?: TrackingError): SettledRow | undefined {
    const share = this.of(event);
    const { kind, bytes } = event;
    share.held.count(kind, -1, -bytes);
    if (error && this.#rejections.push({ event, error }) > maxRejections) this.#rejections.shift();
    if (this.unwritten.delete(event) || this.#lost.delete(event)) return undefined;
    const id = isAdopted(event) ? event.rowId : event.id;
    share.lanes[kind].settled.push(id, bytes);
    return { share, kind, id, bytes };
  }

  /** The settled events that the next transaction writes. */
  nextSettled(limit: number): SettledChunk {
    const rows: SettledRow[] = [];
    for (const share of this.all) {
      for (const kind of eventKinds) {
        const { settled } = share.lanes[kind];
        for (const row of settled.last(limit - rows.length)) rows.push({ share, kind, ...row });
      }
    }
    return { rows, rejections: [...this.#rejections] };
  }

  /** Forgets settled events that were written. */
  deleteSettled({ rows, rejections }: SettledChunk): void {
    for (const { share, kind } of rows) share.lanes[kind].settled.pop();
    this.#rejections.splice(0, rejections.length);
  }

  /** Lets leased events wait again. */
  release(events: readonly QueuedEvent[]): void {
    const ours: QueuedEvent[] = [];
    for (const event of events) {
      const share = this.of(event);
      share.leased.delete(event);
      if (this.#lost.delete(event)) {
        share.held.count(event.kind, -1, -event.bytes);
        this.#disown(isAdopted(event) ? { tracked: 0, adopted: 1 } : { tracked: 1, adopted: 0 });
      } else ours.push(event);
    }
    for (const lane of new Set(ours.map((event) => this.#laneOf(event)))) {
      lane.putBack(ours.filter((event) => this.#laneOf(event) === lane));
    }
  }

  /** Takes the oldest waiting pageview that is not in the file yet. */
  shiftUnwritten(): QueuedEvent | undefined {
    const lane = this.own.lanes.pageview;
    if (lane.first && this.unwritten.has(lane.first)) return lane.shift();
    const [oldest] = this.unwritten.after('pageview', lane.lastRowId);
    if (oldest) lane.behind--;
    return oldest;
  }

  /** Takes all waiting events that are not in the file yet. */
  takeUnwritten(): QueuedEvent[] {
    const taken = eventKinds.flatMap((kind) => {
      const lane = this.own.lanes[kind];
      const behind = [...this.unwritten.after(kind, lane.lastRowId)];
      lane.behind -= behind.length;
      return [...lane.takeWhere((event) => this.unwritten.has(event)), ...behind];
    });
    for (const event of taken) this.settle(event);
    return taken;
  }

  /** Gives up a share that another process took over while this one was frozen. */
  lose(share: Share): void {
    for (const event of share.leased) if (!this.unwritten.has(event)) this.#lost.add(event);
    if (share !== this.own) {
      this.all = this.all.filter((other) => other !== share);
      this.#disown({ tracked: 0, adopted: share.atFront });
      return;
    }
    // It goes on with the events that the file never had.
    for (const kind of eventKinds) share.lanes[kind].takeWhere((event) => !this.unwritten.has(event));
    this.restart(share, 0, this.unwrittenBehind(share));
  }

  /** The events of each kind behind the fronts of a share that the file never had. */
  unwrittenBehind(share: Share): Record<EventKind, Amount> {
    return forEachKind((kind) => {
      const behind = new Amount();
      if (share !== this.own) return behind;
      for (const event of this.unwritten.after(kind, share.lanes[kind].lastRowId)) behind.add(event);
      return behind;
    });
  }

  /**
   * Lets a share go on with other rows, under another id.
   *
   * @param behind - the events of each kind behind its fronts.
   * @returns how many waiting events are gone.
   */
  restart(share: Share, id: number, behind: Readonly<Record<EventKind, Readonly<Amount>>>): number {
    const gone = share.restart(id, behind);
    if (share === this.own) this.#disown({ tracked: gone, adopted: 0 });
    return gone;
  }

  #laneOf(event: QueuedEvent): Lane {
    return this.of(event).lanes[event.kind];
  }
}
