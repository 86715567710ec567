import type { Digests, QueuedEvent } from '@successeve/core/queue';
import type { Store } from '../file/store.js';
import type { Unwritten } from '../memory/unwritten.js';
import type { QueueFile } from '../queue-file.js';

/** Most contacts and accounts of which the file keeps a digest. Our choice: as many as a tracker keeps; some 3 MB. */
const maxSubjects = 100_000;

/** How many new digests are written before the file is trimmed, and so by how many it may exceed `maxSubjects`. */
const trimAfter = 1000;

const dayMs = 86_400_000;

/** A change of the digest of a contact or account that is not in the file yet. */
interface Change {
  readonly subject: number;
  /** Undefined where the digest is deleted. */
  readonly digest: number | undefined;
  /** The update that the digest stands for. It has to reach the file as well, or to be settled. */
  event: QueuedEvent | undefined;
}

/** The part that one transaction writes. */
export interface DigestChunk {
  readonly changes: readonly Change[];
  /** Subjects that were looked up for the first time today. */
  readonly used: readonly number[];
}

/**
 * The digests of the last updates of contacts and accounts. Each look-up reads the file, which takes some microseconds,
 * since another process may have sent an update; only changes that are not in the file yet are in memory.
 */
export class FileDigests implements Digests {
  readonly #file: QueueFile;
  readonly #unwritten: Unwritten;
  /** The latest change of each subject, oldest first. */
  readonly #changes = new Map<number, Change>();
  /** Set since the last event was pushed; the next event is their update. */
  #unbound: Change[] = [];
  readonly #used = new Set<number>();
  #untrimmed = trimAfter;

  constructor(file: QueueFile, unwritten: Unwritten) {
    this.#file = file;
    this.#unwritten = unwritten;
  }

  get hasChanges(): boolean {
    return this.#changes.size > 0;
  }

  get(subject: number): number | undefined {
    const change = this.#changes.get(subject);
    if (change) return change.digest;
    // A request must not wait for a disk that failed a moment ago.
    if (this.#file.isUnavailable) return undefined;
    const found = this.#file.attempt('read', (store) => store.digest(subject));
    if (found && found.usedOn < today() && this.#used.size < trimAfter) this.#used.add(subject);
    return found?.digest;
  }

  set(subject: number, digest: number): void {
    const change: Change = { subject, digest, event: undefined };
    this.#change(change);
    this.#unbound.push(change);
  }

  delete(subject: number): void {
    this.#change({ subject, digest: undefined, event: undefined });
  }

  /** Makes an event that is pushed the update of the digests that were set just before. */
  bindTo(event: QueuedEvent): void {
    if (this.#unbound.length === 0) return;
    for (const change of this.#unbound) change.event = event;
    this.#unbound = [];
  }

  /** Returns up to `limit` changes that a transaction may write that also writes `inserted`. */
  next(inserted: readonly QueuedEvent[], limit: number): DigestChunk {
    this.#unbound = [];
    const writing = new Set(this.hasChanges ? inserted : []);
    const changes: Change[] = [];
    for (const change of this.#changes.values()) {
      const { event } = change;
      if (event && !writing.has(event) && this.#unwritten.has(event)) continue;
      if (changes.push(change) === limit) break;
    }
    return { changes, used: [...this.#used] };
  }

  /** Forgets the changes that were committed. */
  wrote({ changes }: DigestChunk): void {
    for (const { subject } of changes) this.#changes.delete(subject);
    this.#used.clear();
  }

  /** Writes a chunk, in a transaction that is under way. */
  write(store: Store, { changes, used }: DigestChunk): void {
    for (const subject of used) store.useDigest(subject, today());
    for (const { subject, digest } of changes) {
      if (digest === undefined) store.deleteDigest(subject);
      else store.setDigest(subject, digest, today());
    }
    this.#untrimmed += changes.length;
    if (this.#untrimmed >= trimAfter) {
      this.#untrimmed = 0;
      store.trimDigests(maxSubjects);
    }
  }

  #change(change: Change): void {
    this.#changes.delete(change.subject);
    this.#changes.set(change.subject, change);
    if (this.#changes.size <= maxSubjects) return;
    // The disk fails. An update without a digest is only sent once more.
    const [oldest] = this.#changes.keys();
    if (oldest !== undefined) this.#changes.delete(oldest);
  }
}

/** Day precision: avoids a write for each request. */
function today(): number {
  return Math.floor(Date.now() / dayMs);
}
