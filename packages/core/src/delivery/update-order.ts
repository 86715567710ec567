import type { TrackedEvent } from '../event/event.js';
import type { UpdateKind } from '../event/update.js';
import { readQueuedEvent } from '../event/wire.js';
import { type Digests, digest } from '../queue/digests.js';
import type { QueuedEvent } from '../queue/queue.js';

/** An update that waits. */
interface Waiting {
  readonly id: number;
  /** The attributes it tells. */
  readonly attributes: readonly string[];
}

/** What to do with an update whose turn has come: send it, not yet, or never, since a later one tells it all anew. */
export type Turn = 'now' | 'later' | 'never';

/**
 * Tells contacts and accounts only what is news to the API, and of each one thing at a time, so that what was said last
 * is what stays.
 */
export class Updates {
  readonly #digests: Digests;
  /** The last update of each subject that was not sent yet. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #superseded = new Set<number>();
  /** The update of each subject that is being sent, or has failed and is tried again first. */
  readonly #underWay = new Map<string, number>();
  /** Those whose turn comes when it has ended, oldest first. */
  readonly #later = new Map<string, QueuedEvent[]>();
  #laterInAll = 0;
  #unchanged = 0;
  #supersededInAll = 0;

  constructor(digests: Digests) {
    this.#digests = digests;
  }

  /** Updates that were never accepted, since they said what was said before. */
  get unchanged(): number {
    return this.#unchanged;
  }

  /** Updates that were never sent, since a later one said it all anew. */
  get superseded(): number {
    return this.#supersededInAll;
  }

  /** Whether an update says anything that was not said of its subject before; if so, that is remembered. */
  isNews(update: TrackedEvent<UpdateKind>, body: string): boolean {
    const subject = digest(subjectOf(update));
    const said = digest(body);
    if (this.#digests.get(subject) === said) {
      this.#unchanged++;
      return false;
    }
    this.#digests.set(subject, said);
    return true;
  }

  /** An update waits from now on. One before it that tells nothing else need not be sent any more. */
  waits(update: QueuedEvent): void {
    const { subject, attributes } = whatItTells(update);
    const earlier = this.#waiting.get(subject);
    if (earlier?.attributes.every((name) => attributes.includes(name))) this.#superseded.add(earlier.id);
    this.#waiting.set(subject, { id: update.id, attributes });
  }

  /** How many updates wait here for another one to end. */
  get later(): number {
    return this.#laterInAll;
  }

  /** Whether an update may be sent now. One that may not yet is kept here, until {@link ended} answers it. */
  turnOf(update: QueuedEvent): Turn {
    if (this.forgetSuperseded(update)) return 'never';
    const { subject } = whatItTells(update);
    if (this.#underWay.has(subject)) {
      this.#keep(subject, update);
      return 'later';
    }
    this.#underWay.set(subject, update.id);
    if (this.#waiting.get(subject)?.id === update.id) this.#waiting.delete(subject);
    return 'now';
  }

  /** Forgets an update that need not be sent; false for any other. */
  forgetSuperseded({ id }: QueuedEvent): boolean {
    const isSuperseded = this.#superseded.delete(id);
    if (isSuperseded) this.#supersededInAll++;
    return isSuperseded;
  }

  /**
   * An update is no longer under way: it was delivered, or waits among the others again, or need not be sent.
   *
   * @returns the update whose turn it was to wait for that.
   */
  ended(update: QueuedEvent): QueuedEvent | undefined {
    const { subject } = whatItTells(update);
    if (this.#underWay.get(subject) === update.id) this.#underWay.delete(subject);
    return this.#underWay.has(subject) ? undefined : this.#takeLater(subject);
  }

  /** Takes all updates that wait here. */
  takeAll(): QueuedEvent[] {
    const all = [...this.#later.values()].flat();
    this.#later.clear();
    this.#laterInAll = 0;
    return all;
  }

  #keep(subject: string, update: QueuedEvent): void {
    this.#laterInAll++;
    const kept = this.#later.get(subject) ?? [];
    this.#later.set(subject, kept);
    // One that was let go, and has to wait once more, is older than those behind it.
    kept.splice(kept.findLastIndex(({ id }) => id < update.id) + 1, 0, update);
  }

  #takeLater(subject: string): QueuedEvent | undefined {
    const kept = this.#later.get(subject);
    const next = kept?.shift();
    if (next) this.#laterInAll--;
    if (kept?.length === 0) this.#later.delete(subject);
    return next;
  }

  /** An update will never be delivered: what it said is news again. */
  dropped(update: QueuedEvent): void {
    const { subject } = whatItTells(update);
    const waiting = this.#waiting.get(subject);
    // What is remembered is what the later one says.
    if (waiting && waiting.id > update.id) return;
    if (waiting?.id === update.id) this.#waiting.delete(subject);
    this.#digests.delete(digest(subject));
  }
}

/** Which contact or account an update is about. */
function subjectOf({ kind, contactUid, accountUid }: TrackedEvent<UpdateKind>): string {
  return `${kind} ${contactUid ?? accountUid}`;
}

function whatItTells(queued: QueuedEvent): {
  readonly subject: string;
  readonly attributes: readonly string[];
} {
  const update = readQueuedEvent(queued) as TrackedEvent<UpdateKind>;
  return { subject: subjectOf(update), attributes: Object.keys(update.params) };
}
