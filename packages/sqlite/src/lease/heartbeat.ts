import type { Checkpointer } from '../file/checkpointer.js';
import type { Disk } from '../file/disk.js';
import type { Store } from '../file/store.js';
import type { Identity } from '../identity.js';
import { Amount, Share } from '../memory/share.js';
import type { Shares } from '../memory/shares.js';
import { forgetNoted, takeOutNoted } from '../recovery/delivery-log.js';
import type { Mover } from '../recovery/mover.js';

/** What a look at the file told. */
interface Beat {
  readonly lost: readonly Share[];
  readonly removed: readonly Share[];
  readonly adopted: readonly Share[];
  /** Processes that are gone, and whose shares are ours now. */
  readonly gone: readonly string[];
  readonly elsewhere: { readonly events: number; readonly bytes: number };
}

interface HeartbeatParts {
  readonly identity: Identity;
  readonly shares: Shares;
  readonly disk: Disk;
  readonly mover: Mover;
  readonly checkpointer: Checkpointer;
  /** Shares were taken over. */
  readonly onAdopted: () => void;
}

/** Says again and again that this process lives, and takes over what those left behind that do not any more. */
export class Heartbeat {
  readonly #identity: Identity;
  readonly #shares: Shares;
  readonly #disk: Disk;
  readonly #mover: Mover;
  readonly #checkpointer: Checkpointer;
  readonly #onAdopted: () => void;
  #timer: NodeJS.Timeout | undefined;
  #leasedUntil = Number.POSITIVE_INFINITY;
  #isLeaving = false;

  constructor({ identity, shares, disk, mover, checkpointer, onAdopted }: HeartbeatParts) {
    this.#identity = identity;
    this.#shares = shares;
    this.#disk = disk;
    this.#mover = mover;
    this.#checkpointer = checkpointer;
    this.#onAdopted = onAdopted;
  }

  start(): void {
    this.#schedule(0);
  }

  /** Where we stood still, what is in memory may be somebody else's by now. */
  catchUp(): void {
    if (Date.now() > this.#leasedUntil) this.#beat();
  }

  /** Takes over nothing more. */
  leave(): void {
    this.#isLeaving = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#beat(), ms);
    this.#timer.unref();
  }

  #beat(): void {
    const { path, leaseMs } = this.#identity;
    const shares = this.#shares;
    const now = Date.now();
    const found =
      this.#mover.ensureInPlace() &&
      this.#disk.attempt((store) => store.transaction(() => this.#look(store, now)));
    if (!found) {
      this.#schedule(this.#disk.isFailing ? leaseMs / 10 : 5);
      return;
    }
    this.#leasedUntil = now + leaseMs;
    this.#checkpointer.wrote(0);
    for (const holder of found.gone) forgetNoted(path, holder);
    for (const share of found.lost) shares.lose(share);
    shares.adopted = shares.adopted.filter((share) => !found.removed.includes(share));
    shares.adopted.push(...found.adopted);
    shares.elsewhere = new Amount(found.elsewhere.events, found.elsewhere.bytes);
    if (found.adopted.length > 0) this.#onAdopted();
    this.#schedule(leaseMs / 3);
  }

  /** Renews what we hold, takes what nobody holds any more, and forgets what is empty. */
  #look(store: Store, now: number): Beat {
    if (!store.isUsable) throw new Error('a newer version has changed it');
    const { path, holder, leaseMs } = this.#identity;
    const { adopted: known, all, ended } = this.#shares;
    const held = store.renew(holder, now + leaseMs);
    const lost = all.filter(({ id }) => id !== undefined && !held.some((row) => row.id === id));
    const removed = known.filter(
      (share) => share.isDone && !ended.has(share) && share.id !== undefined && store.removeIfEmpty(share.id),
    );
    // Those of a look that counted, though we were told that it failed, are in our name, but not known.
    const unread = held.filter((row) => !all.some(({ id }) => id === row.id));
    const gone = this.#isLeaving ? [] : store.goneHolders(holder, now);
    for (const each of gone) takeOutNoted(store, path, each);
    const found = this.#isLeaving ? [] : [...unread, ...store.adopt(holder, now + leaseMs, now)];
    const adopted = found.sort((a, b) => a.id - b.id).map((row) => new Share(row));
    return { lost, removed, adopted, gone, elsewhere: store.totalsBeside(holder) };
  }
}
