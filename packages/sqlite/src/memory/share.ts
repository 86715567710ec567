import { type EventKind, eventKinds, type QueuedEvent } from '@successeve/core/queue';
import type { ShareRow } from '../file/store.js';
import { Lane } from './lane.js';

/** The events that one process put into the queue, and that this process sends. */
export class Share {
  /** Its id in the file; our own share has none before the first write. */
  id: number | undefined;
  readonly lanes: Readonly<Record<EventKind, Lane>>;
  /** All of its events, and their bytes: in memory, in the file, and leased. */
  events: number;
  bytes: number;
  readonly leased: Set<QueuedEvent> = new Set();

  constructor(row?: ShareRow) {
    const { id, events = 0, bytes = 0, pageviews = 0, pageviewBytes = 0 } = row ?? {};
    this.id = id;
    this.events = events;
    this.bytes = bytes;
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

  /** How many of its events wait; of an adopted share, its updates are not counted until they are read. */
  get waiting(): number {
    return eventKinds.reduce((sum, kind) => sum + this.lanes[kind].behind, this.atFront);
  }

  get hasSettled(): boolean {
    return eventKinds.some((kind) => this.lanes[kind].settled.length > 0);
  }

  /** Whether none of its events waits, is leased, or is still to be removed from the file. */
  get isDone(): boolean {
    return this.waiting + this.leased.size === 0 && !this.hasSettled;
  }

  add({ bytes }: QueuedEvent): void {
    this.events++;
    this.bytes += bytes;
  }

  subtract({ bytes }: QueuedEvent): void {
    this.events--;
    this.bytes -= bytes;
  }

  /** Forgets the rows of settled events, which the file no longer has, or another process took over. */
  forgetSettled(): void {
    for (const kind of eventKinds) this.lanes[kind].settled = [];
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
