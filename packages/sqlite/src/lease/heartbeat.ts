import type { Store } from '../file/store.js';
import { Share } from '../memory/share.js';
import type { Shares } from '../memory/shares.js';
import type { QueueFile } from '../queue-file.js';
import { applyDeliveryLog, deleteDeliveryLog } from '../recovery/delivery-log.js';

/** Renews the leases of this process every third of `leaseMs`, and takes over the shares of processes that stopped. */
export class Heartbeat {
  readonly #shares: Shares;
  readonly #file: QueueFile;
  readonly #onAdopted: () => void;
  #timer: NodeJS.Timeout | undefined;
  #leasedUntil = Number.POSITIVE_INFINITY;
  #isLeaving = false;

  constructor(shares: Shares, file: QueueFile, onAdopted: () => void) {
    this.#shares = shares;
    this.#file = file;
    this.#onAdopted = onAdopted;
  }

  start(): void {
    this.#schedule(0);
  }

  /** After this process was frozen, another one may have taken over its shares. */
  catchUp(): void {
    if (Date.now() > this.#leasedUntil) this.#beat();
  }

  /** Adopts no more shares. */
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
    const { path, leaseMs } = this.#file.identity;
    const shares = this.#shares;
    const now = Date.now();
    const beat =
      this.#file.ensureInPlace() &&
      this.#file.attempt('lease', (store) => store.transaction(() => this.#renew(store, now)));
    if (!beat) {
      this.#schedule(this.#file.isFailing('lease') ? leaseMs / 10 : 5);
      return;
    }
    this.#leasedUntil = now + leaseMs;
    this.#file.wrote(0);
    for (const holder of beat.expired) deleteDeliveryLog(path, holder);
    for (const share of beat.lost) shares.lose(share);
    shares.adopted = shares.adopted.filter((share) => !beat.removed.includes(share));
    shares.adopted.push(...beat.adopted);
    shares.elsewhere = beat.elsewhere;
    if (beat.adopted.length > 0) this.#onAdopted();
    this.#schedule(leaseMs / 3);
  }

  /** Renews the leases, adopts the shares of other processes whose leases have `expired`, and removes empty ones. */
  #renew(store: Store, now: number) {
    if (!store.isUsable) throw new Error('a newer version of @successeve/sqlite has changed it');
    const { adopted: known, all } = this.#shares;
    const held = store.renew();
    const lost = all.filter(({ id }) => id !== undefined && !held.some((row) => row.id === id));
    const removed = known.filter(
      (share) => share.isDone && share.id !== undefined && store.removeIfEmpty(share.id),
    );
    // A heartbeat that SQLite reported as failed may have counted: its shares are ours, but unknown.
    const unknown = held.filter((row) => !all.some(({ id }) => id === row.id));
    const expired = this.#isLeaving ? [] : store.expiredHolders(now);
    for (const each of expired) applyDeliveryLog(store, this.#file.identity.path, each);
    const found = this.#isLeaving ? [] : [...unknown, ...store.adopt(now)];
    const adopted = found.sort((a, b) => a.id - b.id).map((row) => new Share(row));
    return { lost, removed, adopted, expired, elsewhere: store.totalsElsewhere() };
  }
}
