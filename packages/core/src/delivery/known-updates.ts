import type { TrackedEvent } from '../event/event.js';
import type { UpdateKind } from '../event/update.js';
import { type Digests, digest } from '../queue/digests.js';

/** Remembers what was last accepted of each contact and account, so that the same is not sent twice. */
export class KnownUpdates {
  readonly #digests: Digests;
  /** How many updates were identical to the previous one, and so not accepted. */
  unchanged = 0;

  constructor(digests: Digests) {
    this.#digests = digests;
  }

  /** Whether an update differs from the previous one of its subject; if so, it is remembered in its place. */
  isNews(update: TrackedEvent<UpdateKind>, body: string): boolean {
    const subject = digest(subjectOf(update));
    const content = digest(body);
    if (this.#digests.get(subject) === content) {
      this.unchanged++;
      return false;
    }
    this.#digests.set(subject, content);
    return true;
  }

  /** An update of this subject will never be delivered: the same again is news. */
  forget(subject: string): void {
    this.#digests.delete(digest(subject));
  }
}

/** Which contact or account an update is about. */
export function subjectOf({ kind, contactUid, accountUid }: TrackedEvent<UpdateKind>): string {
  return `${kind} ${contactUid ?? accountUid}`;
}
