import { type EventKind, eventKinds, type QueuedEvent } from '@successeve/core/queue';
import type { ShareRow } from '../file/store.js';
import { Amount, Lane } from './lane.js';

/** The events that one process put into the queue, and that this process sends. */
export class Share {
  /** Its id in the file; 0 for our own before the first write, which no share there has. */
  id: number;
  readonly lanes: Readonly<Record<EventKind, Lane>>;
  /** All of its events: in memory, in the file, and leased. */
  held: Amount;
  readonly leased: Set<QueuedEvent> = new Set();

  constructor(row?: ShareRow) {
    const { id = 0, events = 0, bytes = 0, pageviews = 0, pageviewBytes = 0 } = row ?? {};
    this.id = id;
    this.held = new Amount(events, bytes);
    // The totals count updates with the events; reading their lanes counts them.
    const updates = events > 0 ? 1 : 0;
    this.lanes = {
      account: new Lane(updates),
      contact: new Lane(updates),
      event: new Lane(events - pageviews, bytes - pageviewBytes),
      pageview: new Lane(pageviews, pageviewBytes),
    };
  }

  get atFront(): number {
    return eventKinds.reduce((sum, kind) => sum + this.lanes[kind].atFront, 0);
  }

  /** How many of its events wait; of an adopted share, an upper bound until its lanes are read. */
  get waiting(): number {
    return eventKinds.reduce((sum, kind) => sum + this.lanes[kind].behind, this.atFront);
  }

  get hasSettled(): boolean {
    return eventKinds.some((kind) => !this.lanes[kind].settled.isEmpty);
  }

  /** Whether none of its events waits, is leased, or is still to be removed from the file. */
  get isDone(): boolean {
    return this.waiting + this.leased.size === 0 && !this.hasSettled;
  }

  /** Goes on with other rows, `behind` of them behind its fronts. Returns how many of its waiting events are gone. */
  restart(id: number, behind: Readonly<Record<EventKind, Readonly<Amount>>>): number {
    const { events } = this.held;
    this.id = id;
    this.held = new Amount();
    for (const event of this.leased) this.held.add(event);
    for (const kind of eventKinds) {
      const lane = this.lanes[kind];
      lane.restart(behind[kind]);
      this.held.events += lane.atFront + lane.behind;
      this.held.bytes += lane.bytes;
    }
    return events - this.held.events;
  }
}

/** An event of a share that was taken over. It has an id of this tracker, and keeps that of its row. */
export interface AdoptedEvent extends QueuedEvent {
  readonly share: Share;
  readonly rowId: number;
}

export function isAdopted(event: QueuedEvent): event is AdoptedEvent {
  return event.id < 0;
}
