import type { TrackingError } from '../errors.js';
import type { QueuedEvent } from '../queue/queue.js';

interface Trouble {
  /** Failures that were the event's own: the API accepted others in between. */
  failures: number;
  /** How many events the API had accepted, in all, when this one last failed. */
  deliveredThen: number;
}

/** What an application answers that choked on an event. 502 to 504 come from what stands before it. */
const internalServerError = 500;

/**
 * Remembers which events failed, to tell an event that makes the API fail from an API that is away.
 *
 * An event is suspect when it failed before, the API accepted others since, and it fails again.
 */
export class Troubles {
  readonly #troubles = new Map<QueuedEvent, Trouble>();
  /** Suspects that wait for their next try, alone; the next one first. */
  #aside: { readonly event: QueuedEvent; readonly dueAt: number }[] = [];

  /** How many events are set aside. */
  get setAside(): number {
    return this.#aside.length;
  }

  /** When the next event that was set aside may be tried. */
  get nextDueAt(): number {
    return this.#aside[0]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a failure is these events' own, rather than the beginning of an outage. */
  areSuspect(events: readonly QueuedEvent[], delivered: number, { status }: TrackingError): boolean {
    return events.every((event) => {
      const trouble = this.#troubles.get(event);
      if (!trouble) return false;
      // Once it was blamed it may be the only event left, and then nobody else can be accepted in between.
      const isBlamedAgain = trouble.failures > 1 && status === internalServerError;
      return isBlamedAgain || delivered > trouble.deliveredThen;
    });
  }

  /** Notes a failure that may be an outage. */
  note(events: readonly QueuedEvent[], delivered: number): void {
    for (const event of events) {
      const failures = this.#troubles.get(event)?.failures ?? 1;
      this.#troubles.set(event, { failures, deliveredThen: delivered });
    }
  }

  /** Notes a failure that is the event's own, and answers how many there were. */
  blame(event: QueuedEvent, delivered: number): number {
    const failures = (this.#troubles.get(event)?.failures ?? 0) + 1;
    this.#troubles.set(event, { failures, deliveredThen: delivered });
    return failures;
  }

  putAside(event: QueuedEvent, dueAt: number): void {
    const later = this.#aside.findIndex((other) => other.dueAt > dueAt);
    this.#aside.splice(later === -1 ? this.#aside.length : later, 0, { event, dueAt });
  }

  /** Takes one event whose time has come. */
  takeDue(now: number): QueuedEvent | undefined {
    return this.nextDueAt <= now ? this.#aside.shift()?.event : undefined;
  }

  takeAll(): QueuedEvent[] {
    const events = this.#aside.map(({ event }) => event);
    this.#aside = [];
    return events;
  }

  forget(events: readonly QueuedEvent[]): void {
    if (this.#troubles.size === 0) return;
    for (const event of events) this.#troubles.delete(event);
  }
}
