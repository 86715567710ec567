import { type EventKind, eventKinds, type QueuedEvent } from '@successeve/core/queue';
import type { ShareRow } from '../file/store.js';
import { Totals } from '../file/totals.js';
import { Lane } from './lane.js';

/** A number of events, and the bytes of their bodies. */
export class Amount {
  events = 0;
  bytes = 0;

  add({ bytes }: { readonly bytes: number }): void {
    this.events++;
    this.bytes += bytes;
  }
}

/** The events that one process put into the queue, and that this process sends. */
export class Share {
  /** Its id in the file; 0 for our own before the first write, which no share there has. */
  id: number;
  readonly lanes: Readonly<Record<EventKind, Lane>>;
  /** All of its events: in memory, in the file, and leased. */
  held: Totals;
  readonly leased: Set<QueuedEvent> = new Set();

  constructor(row?: ShareRow) {
    this.id = row?.id ?? 0;
    this.held = new Totals(row);
    const { events, pageviews } = this.held;
    // The totals count updates with the events; reading their lanes counts them.
    const updates = events > 0 ? 1 : 0;
    this.lanes = {
      account: new Lane(updates),
      contact: new Lane(updates),
      event: new Lane(events - pageviews),
      pageview: new Lane(pageviews),
    };
  }

  get atFront(): number {
    return eventKinds.reduce((sum, kind) => sum + this.lanes[kind].atFront, 0);
  }

  /** How many of its events wait; of an adopted share, an upper bound until its lanes are read. */
  get waiting(): number {
    return eventKinds.reduce((sum, kind) => sum + this.lanes[kind].behind, this.atFront);
  }

  /** The bytes of its waiting pageviews. */
  get waitingPageviewBytes(): number {
    let bytes = this.held.pageviewBytes;
    for (const event of this.leased) if (event.kind === 'pageview') bytes -= event.bytes;
    return bytes;
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
    this.held = new Totals();
    for (const kind of eventKinds) {
      this.lanes[kind].restart(behind[kind].events);
      this.held.count(kind, behind[kind].events, behind[kind].bytes);
    }
    const inMemory = [...this.leased, ...eventKinds.flatMap((kind) => this.lanes[kind].front)];
    for (const { kind, bytes } of inMemory) this.held.count(kind, 1, bytes);
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
