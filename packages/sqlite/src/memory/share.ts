import type { QueuedEvent } from '@successeve/core/queue';
import { kinds } from '../file/schema.js';
import type { Kind, ShareRow } from '../file/store.js';
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

/** What one process put into the queue, as far as this process answers for it. */
export class Share {
  /** Its number in the file; our own has none before the first write. */
  id: number | undefined;
  readonly lanes: Readonly<Record<Kind, Lane>>;
  /** All of its events: in memory, in the file, and with the sender. */
  readonly held: Amount;
  /** Its waiting pageviews, which could still make room. */
  readonly sheddable: Amount;
  /** Its events that are with the sender. */
  leased: Set<QueuedEvent> = new Set();

  constructor(row?: ShareRow) {
    const { id, events = 0, bytes = 0, pageviews = 0, pageviewBytes = 0 } = row ?? {};
    this.id = id;
    // The totals do not tell updates from events; the first look at their lanes does.
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
    return kinds.reduce((sum, kind) => sum + this.lanes[kind].atFront, 0);
  }

  get behind(): number {
    return kinds.reduce((sum, kind) => sum + this.lanes[kind].behind, 0);
  }

  /** Whether nothing of it waits, and nothing is with the sender. */
  get isDone(): boolean {
    return this.atFront + this.behind + this.leased.size === 0;
  }

  /** Takes the oldest event that is in memory. */
  shift(kind: Kind): QueuedEvent | undefined {
    const event = this.lanes[kind].shift();
    if (event?.kind === 'pageview') this.sheddable.subtract(event);
    return event;
  }

  /** Takes events back that were taken. */
  putBack(events: readonly QueuedEvent[]): void {
    for (const event of events) if (event.kind === 'pageview') this.sheddable.add(event);
    for (const kind of kinds) {
      this.lanes[kind].putBack(events.filter((event) => event.kind === kind));
    }
  }
}

/** An event of a share that was taken over. It has an id of this tracker's, and keeps that of its row. */
export interface AdoptedEvent extends QueuedEvent {
  readonly share: Share;
  readonly rowId: number;
}

export function isAdopted(event: QueuedEvent): event is AdoptedEvent {
  return event.id < 0;
}
