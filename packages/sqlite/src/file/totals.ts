import type { EventKind } from '@successeve/core/queue';

/** How many events there are, and how many bytes their bodies have; of them, how many are pageviews. */
export interface ReadonlyTotals {
  readonly events: number;
  readonly bytes: number;
  readonly pageviews: number;
  readonly pageviewBytes: number;
}

export class Totals implements ReadonlyTotals {
  events: number;
  bytes: number;
  pageviews: number;
  pageviewBytes: number;

  constructor({ events, bytes, pageviews, pageviewBytes }: ReadonlyTotals = none) {
    this.events = events;
    this.bytes = bytes;
    this.pageviews = pageviews;
    this.pageviewBytes = pageviewBytes;
  }

  /** Adds events of a kind; negative numbers remove them. */
  count(kind: EventKind, events: number, bytes: number): void {
    this.events += events;
    this.bytes += bytes;
    if (kind !== 'pageview') return;
    this.pageviews += events;
    this.pageviewBytes += bytes;
  }
}

const none: ReadonlyTotals = { events: 0, bytes: 0, pageviews: 0, pageviewBytes: 0 };
