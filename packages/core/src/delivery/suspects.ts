import type { TrackingError } from '../errors.js';
import type { QueuedEvent } from '../queue/queue.js';

interface Failures {
  /** How many were the event's own: the API accepted others in between. */
  own: number;
  /** How many events the API had accepted, in all, when this one last failed. */
  deliveredThen: number;
}

/** The status of an application that fails on an event. 502 to 504 come from a proxy in front of it. */
const internalServerError = 500;

/**
 * Distinguishes an event that makes the API fail from an API that is unavailable: an event is suspect when it failed
 * before, the API accepted others since, and it fails again.
 */
export class SuspectEvents {
  readonly #failures = new Map<QueuedEvent, Failures>();
  /** Suspects that wait for their next attempt, alone; the next one first. */
  #aside: { readonly event: QueuedEvent; readonly dueAt: number }[] = [];

  get setAside(): number {
    return this.#aside.length;
  }

  get nextDueAt(): number {
    return this.#aside[0]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a failure is caused by these events, rather than by an outage. */
  areSuspect(events: readonly QueuedEvent[], delivered: number, { status }: TrackingError): boolean {
    return events.every((event) => {
      const failures = this.#failures.get(event);
      if (!failures) return false;
      // An event that was blamed before may be the only one left, and then no other can be accepted in between.
      const isBlamedAgain = failures.own > 1 && status === internalServerError;
      return isBlamedAgain || delivered > failures.deliveredThen;
    });
  }

  /** Records a failure that may be an outage. */
  record(events: readonly QueuedEvent[], delivered: number): void {
    for (const event of events) {
      const own = this.#failures.get(event)?.own ?? 1;
      this.#failures.set(event, { own, deliveredThen: delivered });
    }
  }

  /** Records a failure that is the event's own, and returns how many there were. */
  blame(event: QueuedEvent, delivered: number): number {
    const own = (this.#failures.get(event)?.own ?? 0) + 1;
    this.#failures.set(event, { own, deliveredThen: delivered });
    return own;
  }

  putAside(event: QueuedEvent, dueAt: number): void {
    const later = this.#aside.findIndex((other) => other.dueAt > dueAt);
    this.#aside.splice(later === -1 ? this.#aside.length : later, 0, { event, dueAt });
  }

  takeDue(now: number): QueuedEvent | undefined {
    return this.nextDueAt <= now ? this.#aside.shift()?.event : undefined;
  }

  takeAll(): QueuedEvent[] {
    const events = this.#aside.map(({ event }) => event);
    this.#aside = [];
    return events;
  }

  forget(events: readonly QueuedEvent[]): void {
    if (this.#failures.size === 0) return;
    for (const event of events) this.#failures.delete(event);
  }
}
