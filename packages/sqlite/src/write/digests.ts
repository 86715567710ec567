import type { Digests, QueuedEvent } from '@successeve/core/queue';
import type { Disk } from '../file/disk.js';
import type { Store } from '../file/store.js';
import type { Unwritten } from '../memory/unwritten.js';

/**
 * Of how many contacts and accounts the file remembers what they were told last. Our choice: as many as the tracker
 * would by itself; they take about 3 MB.
 */
const maxSubjects = 100_000;

/** After how many new ones it is looked whether there are too many, and how many more than that there may be. */
const trimAfter = 1000;

/** What a change puts into the WAL, which is made of pages: its own, and that of the index. */
const changeBytes = 8192;

const dayMs = 86_400_000;

/** What the file does not know yet of one contact or account. */
interface Change {
  readonly subject: number;
  /** None where it is forgotten. */
  readonly digest: number | undefined;
  /** The event that tells it, which has to be in the file as well, or at its end. */
  event: QueuedEvent | undefined;
}

/** What one transaction writes of it. */
export interface DigestChunk {
  readonly changes: readonly Change[];
  /** Subjects that were asked for, for the first time today. */
  readonly used: readonly number[];
}

/**
 * What contacts and accounts were told last. It is read from the file each time, which takes some microseconds, since
 * another process may have told them something else meanwhile; in memory is only what the file does not know yet.
 */
export class FileDigests implements Digests {
  readonly #disk: Disk;
  readonly #unwritten: Unwritten;
  /** The latest change of each subject, oldest first. */
  readonly #changes = new Map<number, Change>();
  /** What was set since the last event was pushed: the next one tells it. */
  #unbound: Change[] = [];
  readonly #used = new Set<number>();
  #untrimmed = trimAfter;

  constructor(disk: Disk, unwritten: Unwritten) {
    this.#disk = disk;
    this.#unwritten = unwritten;
  }

  get hasChanges(): boolean {
    return this.#changes.size > 0;
  }

  get(subject: number): number | undefined {
    const change = this.#changes.get(subject);
    if (change) return change.digest;
    // A disk that was found failing a moment ago is not tried again in somebody's request.
    if (this.#disk.isLeftAlone) return undefined;
    const found = this.#disk.read((store) => store.digest(subject));
    if (typeof found !== 'object') return undefined;
    if (found.usedOn < today() && this.#used.size < trimAfter) this.#used.add(subject);
    return found.digest;
  }

  set(subject: number, digest: number): void {
    const change: Change = { subject, digest, event: undefined };
    this.#change(change);
    this.#unbound.push(change);
  }

  delete(subject: number): void {
    this.#change({ subject, digest: undefined, event: undefined });
  }

  /** An event is pushed: it tells what was set just before. */
  bindTo(event: QueuedEvent): void {
    if (this.#unbound.length === 0) return;
    for (const change of this.#unbound) change.event = event;
    this.#unbound = [];
  }

  /** Takes up to `limit` changes that a transaction may write that also writes `inserted`. */
  take(inserted: readonly QueuedEvent[], limit: number): DigestChunk {
    this.#unbound = [];
    const writing = new Set(this.hasChanges ? inserted : []);
    const changes: Change[] = [];
    for (const change of this.#changes.values()) {
      const { subject, event } = change;
      if (event && !writing.has(event) && this.#unwritten.has(event)) continue;
      this.#changes.delete(subject);
      if (changes.push(change) === limit) break;
    }
    const used = [...this.#used];
    this.#used.clear();
    return { changes, used };
  }

  /** It could not be written. */
  putBack({ changes }: DigestChunk): void {
    for (const change of changes) this.#change(change);
  }

  /** Writes a chunk, in a transaction that is under way; answers about how much that puts into the WAL. */
  write(store: Store, { changes, used }: DigestChunk): number {
    for (const subject of used) store.useDigest(subject, today());
    for (const { subject, digest } of changes) {
      if (digest === undefined) store.forgetDigest(subject);
      else store.rememberDigest(subject, digest, today());
    }
    this.#untrimmed += changes.length;
    if (this.#untrimmed >= trimAfter) {
      this.#untrimmed = 0;
      store.trimDigests(maxSubjects);
    }
    return changes.length * changeBytes;
  }

  #change(change: Change): void {
    this.#changes.delete(change.subject);
    this.#changes.set(change.subject, change);
    if (this.#changes.size <= maxSubjects) return;
    // While the disk fails. Who is forgotten is told of once more.
    const [oldest] = this.#changes.keys();
    if (oldest !== undefined) this.#changes.delete(oldest);
  }
}

/** Of use to the day: who is asked for with every request need not be written with every request. */
function today(): number {
  return Math.floor(Date.now() / dayMs);
}
