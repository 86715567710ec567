import { type EventKind, eventKinds, type QueuedEvent } from '@successeve/core/queue';
import type { ShareRow } from '../file/store.js';
import { Lane } from './lane.js';

/** A number of events, and the bytes of their bodies. */
export class Amount {
  events: number;
  bytes: number;

  constructor(events = 0, bytes = 0) {
    this.events = events;
    this.bytes = bytes;
  }

  add({ bytes }: QueuedEvent): void {
    this.events++;
    this.bytes += bytes;
  }

  subtract({ bytes }: QueuedEvent): void {
    this.events--;
    this.bytes -= bytes;
  }
}

/** The events that one process put into the queue, and that this process sends. */
export class Share {
  /** Its id in the file; our own share has none before the first write. */
  id: number | undefined;
  readonly lanes: Readonly<Record<EventKind, Lane>>;
  /** All of its events: in memory, in the file, and leased. */
  readonly held: Amount;
  /** Its waiting pageviews, which may be dropped to make room. */
  readonly sheddable: Amount;
  leased: Set<QueuedEvent> = new Set();

  constructor(row?: ShareRow) {
    const { id, events = 0, bytes = 0, pageviews = 0, pageviewBytes = 0 } = row ?? {};
    this.id = id;
    // The totals do not count updates; reading their lanes does.
    const updates = events > 0 ? 1 : 0;
    this.lanes = {
      account: new Lane(updates),
      contact: new Lane(updates),
      event: new Lane(events - pageviews),
      pageview: new Lane(pageviews),
    };
    this.held = new Amount(events, bytes);
    this.sheddable = new Amount(pageviews, pageviewBytes);
  }

  get atFront(): number {
    return eventKinds.reduce((sum, kind) => sum + this.lanes[kind].atFront, 0);
  }

  get behind(): number {
    return eventKinds.reduce((sum, kind) => sum + this.lanes[kind].behind, 0);
  }

  /** Whether none of its events waits or is leased. */
  get isDone(): boolean {
    return this.atFront + this.behind + this.leased.size === 0;
  }

  /** Takes the oldest event in memory. */
  shift(kind: EventKind): QueuedEvent | undefined {
    const event = this.lanes[kind].shift();
    if (event?.kind === 'pageview') this.sheddable.subtract(event);
    return event;
  }

  putBack(events: readonly QueuedEvent[]): void {
    for (const event of events) if (event.kind === 'pageview') this.sheddable.add(event);
    for (const kind of eventKinds) {
      this.lanes[kind].putBack(events.filter((event) => event.kind === kind));
    }
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
