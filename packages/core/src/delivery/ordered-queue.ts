import type { TrackingError } from '../errors.js';
import type { TrackedEvent } from '../event/event.js';
import { isUpdateKind, type UpdateKind } from '../event/update.js';
import { readQueuedEvent } from '../event/wire.js';
import type { Queue, QueuedEvent, QueueHost } from '../queue/queue.js';
import { type KnownUpdates, subjectOf } from './known-updates.js';

/** An update of a contact or an account, as far as its order depends on it. */
interface Update {
  readonly id: number;
  readonly subject: string;
  readonly attributes: readonly string[];
}

/**
 * Wraps a queue, and leases the updates of one contact or account one at a time, so that the last one is what stays, and none
 * that a later one has made superfluous. All other events pass through.
 *
 * An update is waiting until it is leased. Then it is
 * - `superseded`, and never sent, if a later one that waits has all of its attributes;
 * - blocked, and kept here, while another update of its subject is under way;
 * - else under way, until it is settled or released; that unblocks the oldest one that it blocked.
 */
export class OrderedQueue implements Queue {
  readonly #queue: Queue;
  readonly #known: KnownUpdates;
  readonly #onSuperseded: (update: QueuedEvent) => void;
  /** What was read of updates, each once: at `push`, or, from an earlier process, at `lease`. */
  readonly #read = new WeakMap<QueuedEvent, Update>();
  /** The last update of each subject that was not under way yet. */
  readonly #waiting = new Map<string, Update>();
  readonly #supersededIds = new Set<number>();
  /** The id of the update of each subject that is under way. */
  readonly #underWay = new Map<string, number>();
  /** By subject, the oldest first. */
  readonly #blocked = new Map<string, QueuedEvent[]>();
  /** How many updates were never sent, since a later one replaced them. */
  superseded = 0;

  constructor(queue: Queue, known: KnownUpdates, onSuperseded: (update: QueuedEvent) => void) {
    this.#queue = queue;
    this.#known = known;
    this.#onSuperseded = onSuperseded;
  }

  get length(): number {
    return this.#queue.length + this.#allBlocked.length;
  }

  /** How many events wait for nothing but a lease. The others are blocked until an update that is under way ends. */
  get available(): number {
    return this.#queue.length;
  }

  open(host: QueueHost): void {
    this.#queue.open?.(host);
  }

  push(event: QueuedEvent): readonly QueuedEvent[] {
    const dropped = this.#queue.push(event);
    const lost = dropped.length === 0 ? dropped : this.#lose(dropped);
    if (isUpdateKind(event.kind) && dropped[0] !== event) this.#wait(event);
    return lost;
  }

  lease(limit: number): QueuedEvent[] {
    for (;;) {
      const leased = this.#queue.lease(limit);
      const due = leased.filter((event) => !isUpdateKind(event.kind) || this.#begin(event));
      if (due.length > 0 || leased.length === 0) return due;
    }
  }

  settle(events: readonly QueuedEvent[], rejection?: TrackingError): void {
    if (rejection) for (const event of events) if (isUpdateKind(event.kind)) this.#forget(event);
    this.#queue.settle(events, rejection);
    this.#end(events);
  }

  release(events: readonly QueuedEvent[]): void {
    this.#queue.release(events);
    this.#end(events);
  }

  async persisted(): Promise<void> {
    await this.#queue.persisted?.();
  }

  close(): readonly QueuedEvent[] {
    const blocked = this.#allBlocked;
    this.#blocked.clear();
    this.#queue.release(blocked);
    return this.#lose(this.#queue.close());
  }

  get #allBlocked(): QueuedEvent[] {
    return [...this.#blocked.values()].flat();
  }

  #wait(event: QueuedEvent): void {
    const update = this.#readOnce(event);
    const earlier = this.#waiting.get(update.subject);
    if (earlier?.attributes.every((name) => update.attributes.includes(name))) {
      this.#supersededIds.add(earlier.id);
    }
    this.#waiting.set(update.subject, update);
  }

  /** Whether an update that was leased goes now. */
  #begin(event: QueuedEvent): boolean {
    if (this.#drop(event)) {
      this.#queue.settle([event]);
      this.#end([event]);
      return false;
    }
    const { id, subject } = this.#readOnce(event);
    if (this.#underWay.has(subject)) {
      this.#block(subject, event);
      return false;
    }
    this.#underWay.set(subject, id);
    if (this.#waiting.get(subject)?.id === id) this.#waiting.delete(subject);
    return true;
  }

  #block(subject: string, event: QueuedEvent): void {
    const blocked = this.#blocked.get(subject) ?? [];
    this.#blocked.set(subject, blocked);
    // One that was unblocked, and is blocked again, is older than those behind it.
    blocked.splice(blocked.findLastIndex(({ id }) => id < event.id) + 1, 0, event);
  }

  /** Updates are no longer under way: the next of their subjects wait again, among the others. */
  #end(events: readonly QueuedEvent[]): void {
    const next = events.flatMap((event) => (isUpdateKind(event.kind) && this.#unblockAfter(event)) || []);
    if (next.length > 0) this.#queue.release(next);
  }

  #unblockAfter(event: QueuedEvent): QueuedEvent | undefined {
    const { id, subject } = this.#readOnce(event);
    if (this.#underWay.get(subject) === id) this.#underWay.delete(subject);
    if (this.#underWay.has(subject)) return undefined;
    const blocked = this.#blocked.get(subject);
    const next = blocked?.shift();
    if (blocked?.length === 0) this.#blocked.delete(subject);
    return next;
  }

  /** Forgets what the queue had no room for, or does not keep. Returns what the loss of has to be reported. */
  #lose(events: readonly QueuedEvent[]): readonly QueuedEvent[] {
    return events.filter((event) => {
      if (!isUpdateKind(event.kind)) return true;
      if (this.#drop(event)) return false;
      this.#forget(event);
      return true;
    });
  }

  /** Drops an update that was superseded; returns false for any other. */
  #drop(event: QueuedEvent): boolean {
    if (!this.#supersededIds.delete(event.id)) return false;
    this.superseded++;
    this.#onSuperseded(event);
    return true;
  }

  /** An update will never be delivered, and a later one does not wait. */
  #forget(event: QueuedEvent): void {
    const { id, subject } = this.#readOnce(event);
    const waiting = this.#waiting.get(subject);
    // The later one is what is known of the subject.
    if (waiting && waiting.id > id) return;
    if (waiting?.id === id) this.#waiting.delete(subject);
    this.#known.forget(subject);
  }

  #readOnce(event: QueuedEvent): Update {
    const read = this.#read.get(event);
    if (read) return read;
    const tracked = readQueuedEvent(event) as TrackedEvent<UpdateKind>;
    const update = { id: event.id, subject: subjectOf(tracked), attributes: Object.keys(tracked.params) };
    this.#read.set(event, update);
    return update;
  }
}
