import type { TrackingError } from '@successeve/core';
import { type EventKind, eventKinds, type QueuedEvent, type QueueHost } from '@successeve/core/queue';
import { Settled, type SettledRow } from './settled.js';
import { Amount, isAdopted, Share } from './share.js';
import { Unwritten } from './unwritten.js';

/** How many of the oldest events of a lane are in memory, and how many are read from the file at once. */
export const pageSize = 256;

/** The shares that this process sends: its own, and those that it took over from processes that ended. */
export class Shares {
  own: Share = new Share();
  /** Taken over, oldest first; all are older than our own. */
  adopted: Share[] = [];
  /** The events of all other processes in the file. */
  elsewhere: Amount = new Amount();
  readonly unwritten: Unwritten = new Unwritten();
  readonly settled: Settled = new Settled();
  /** Leased events that another process has taken over. */
  readonly #lost = new Set<QueuedEvent>();
  readonly #disown: QueueHost['disown'];

  constructor(disown: QueueHost['disown']) {
    this.#disown = disown;
  }

  get all(): Share[] {
    return [...this.adopted, this.own];
  }

  /** How many events wait. Of adopted shares, only those that were read yet are counted. */
  get length(): number {
    let length = this.own.atFront + this.own.behind;
    for (const share of this.adopted) length += share.atFront;
    return length;
  }

  of(event: QueuedEvent): Share {
    return isAdopted(event) ? event.share : this.own;
  }

  push(event: QueuedEvent): void {
    const { own } = this;
    const lane = own.lanes[event.kind];
    if (lane.behind === 0 && lane.atFront < pageSize) {
      lane.append(event);
      lane.lastRowId = event.id;
    } else lane.behind++;
    own.held.add(event);
    if (event.kind === 'pageview') own.sheddable.add(event);
    this.unwritten.add(event);
  }

  /**
   * Removes an event from the queue for good.
   *
   * @returns its row, where it is in the file.
   */
  settle(event: QueuedEvent, rejection?: TrackingError): SettledRow | undefined {
    const share = this.of(event);
    share.held.subtract(event);
    if (rejection) this.settled.reject(event, rejection);
    if (this.unwritten.delete(event) || this.#lost.delete(event)) return undefined;
    const { kind, bytes } = event;
    const row = { share, kind, id: isAdopted(event) ? event.rowId : event.id, bytes };
    this.settled.add(row);
    return row;
  }

  /** Lets leased events wait again. */
  release(events: readonly QueuedEvent[]): void {
    const ours: QueuedEvent[] = [];
    for (const event of events) {
      const share = this.of(event);
      share.leased.delete(event);
      if (this.#lost.delete(event)) {
        share.held.subtract(event);
        this.#disown(isAdopted(event) ? { tracked: 0, adopted: 1 } : { tracked: 1, adopted: 0 });
      } else ours.push(event);
    }
    for (const share of new Set(ours.map((event) => this.of(event)))) {
      share.putBack(ours.filter((event) => this.of(event) === share));
    }
  }

  /** Takes the oldest waiting pageview that is not in the file yet. */
  shiftUnwritten(): QueuedEvent | undefined {
    const { lanes, sheddable } = this.own;
    const lane = lanes.pageview;
    if (lane.first && this.unwritten.has(lane.first)) return this.own.shift('pageview');
    const [oldest] = this.unwritten.after('pageview', lane.lastRowId);
    if (!oldest) return undefined;
    lane.behind--;
    sheddable.subtract(oldest);
    return oldest;
  }

  /** Takes all waiting events that are not in the file yet. */
  takeUnwritten(): QueuedEvent[] {
    const taken = eventKinds.flatMap((kind) => this.#takeUnwritten(kind));
    for (const event of taken) {
      if (event.kind === 'pageview') this.own.sheddable.subtract(event);
      this.settle(event);
    }
    return taken;
  }

  #takeUnwritten(kind: EventKind): QueuedEvent[] {
    const lane = this.own.lanes[kind];
    const behind = [...this.unwritten.after(kind, lane.lastRowId)];
    lane.behind -= behind.length;
    return [...lane.takeWhere((event) => this.unwritten.has(event)), ...behind];
  }

  /** Gives up waiting events of our own that the file has lost. */
  miss(kind: EventKind, count: number): void {
    const { held, lanes, sheddable } = this.own;
    lanes[kind].behind -= count;
    // Their sizes are unknown.
    const bytes = Math.floor((held.bytes / held.events) * count);
    for (const amount of kind === 'pageview' ? [held, sheddable] : [held]) {
      amount.events -= count;
      amount.bytes -= bytes;
    }
    this.#disown({ tracked: count, adopted: 0 });
  }

  /** Gives up a share that another process took over while this one was frozen. */
  lose(share: Share): void {
    this.settled.deleteShare(share);
    for (const event of share.leased) if (!this.unwritten.has(event)) this.#lost.add(event);
    if (share !== this.own) {
      this.adopted = this.adopted.filter((other) => other !== share);
      this.#disown({ tracked: 0, adopted: share.atFront });
      return;
    }
    this.own = this.#restart(share);
    const left = this.own.atFront + this.own.behind;
    this.#disown({ tracked: share.atFront + share.behind - left, adopted: 0 });
  }

  /** Makes a new share of our own, with the events that the file never had. */
  #restart(old: Share): Share {
    const fresh = new Share();
    fresh.leased = old.leased;
    for (const event of this.#lost) if (old.leased.has(event)) fresh.held.add(event);
    for (const kind of eventKinds) {
      const lane = fresh.lanes[kind];
      lane.lastRowId = old.lanes[kind].lastRowId;
      for (const event of this.unwritten.of(kind)) {
        fresh.held.add(event);
        if (old.leased.has(event)) continue;
        if (kind === 'pageview') fresh.sheddable.add(event);
        if (event.id > lane.lastRowId) lane.behind++;
        else lane.append(event);
      }
    }
    return fresh;
  }
}
