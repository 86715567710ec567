import type { TrackingError } from '@successeve/core';
import type { QueuedEvent, QueueHost } from '@successeve/core/queue';
import { kinds } from '../file/schema.js';
import type { Kind } from '../file/store.js';
import { Ended, type EndedRow } from './settled.js';
import { Amount, isAdopted, Share } from './share.js';
import { Unwritten } from './unwritten.js';

/** How many of the oldest events of a lane are kept in memory, and come from the file at once. */
export const pageSize = 256;

/** What this process answers for: its own share, and those it took over from processes that ended. */
export class Shares {
  own: Share = new Share();
  /** Taken over; older than our own. */
  adopted: Share[] = [];
  /** What all other processes hold in the file. */
  elsewhere: Amount = new Amount();
  /** What the file does not know yet: events of our own, and the end of any. */
  readonly unwritten: Unwritten = new Unwritten();
  readonly ended: Ended = new Ended();
  /** Events with the sender that somebody else answers for by now. */
  readonly #lost = new Set<QueuedEvent>();
  readonly #disown: QueueHost['disown'];

  constructor(disown: QueueHost['disown']) {
    this.#disown = disown;
  }

  get all(): Share[] {
    return [...this.adopted, this.own];
  }

  /** How many events wait. Of what was taken over, only those that were read yet are counted as ours. */
  get length(): number {
    let length = this.own.atFront + this.own.behind;
    for (const share of this.adopted) length += share.atFront;
    return length;
  }

  of(event: QueuedEvent): Share {
    return isAdopted(event) ? event.share : this.own;
  }

  /** Takes a new event. */
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
   * An event leaves the queue for good.
   *
   * @returns its row, where it is in the file.
   */
  end(event: QueuedEvent, rejection?: TrackingError): EndedRow | undefined {
    const share = this.of(event);
    share.held.subtract(event);
    if (rejection) this.ended.reject(event, rejection);
    if (this.unwritten.delete(event) || this.#lost.delete(event)) return undefined;
    const { kind, bytes } = event;
    const row = { share, kind, id: isAdopted(event) ? event.rowId : event.id, bytes };
    this.ended.remove(row);
    return row;
  }

  /** Events that were with the sender wait again. */
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

  /** Takes the oldest waiting pageview that is in memory only. */
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

  /** Takes everything that waits in memory only. */
  takeUnwritten(): QueuedEvent[] {
    const taken = kinds.flatMap((kind) => this.#takeUnwritten(kind));
    for (const event of taken) {
      if (event.kind === 'pageview') this.own.sheddable.subtract(event);
      this.end(event);
    }
    return taken;
  }

  #takeUnwritten(kind: Kind): QueuedEvent[] {
    const lane = this.own.lanes[kind];
    const behind = [...this.unwritten.after(kind, lane.lastRowId)];
    lane.behind -= behind.length;
    return [...lane.takeWhere((event) => this.unwritten.has(event)), ...behind];
  }

  /** Waiting events of our own are no longer in the file. */
  miss(kind: Kind, count: number): void {
    const { held, lanes, sheddable } = this.own;
    lanes[kind].behind -= count;
    // Their sizes are not known.
    const bytes = Math.floor((held.bytes / held.events) * count);
    for (const amount of kind === 'pageview' ? [held, sheddable] : [held]) {
      amount.events -= count;
      amount.bytes -= bytes;
    }
    this.#disown({ tracked: count, adopted: 0 });
  }

  /** Somebody else answers for a share by now, because we stood still. */
  lose(share: Share): void {
    this.ended.forget(share);
    for (const event of share.leased) if (!this.unwritten.has(event)) this.#lost.add(event);
    if (share !== this.own) {
      this.adopted = this.adopted.filter((other) => other !== share);
      this.#disown({ tracked: 0, adopted: share.atFront });
      return;
    }
    this.own = this.#startAnew(share);
    const left = this.own.atFront + this.own.behind;
    this.#disown({ tracked: share.atFront + share.behind - left, adopted: 0 });
  }

  /** A new share of our own, with what the file never had. */
  #startAnew(old: Share): Share {
    const fresh = new Share();
    fresh.leased = old.leased;
    for (const event of this.#lost) if (old.leased.has(event)) fresh.held.add(event);
    for (const kind of kinds) {
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
