import type { Store } from '../file/store.js';
import { Share } from '../memory/share.js';
import type { Shares } from '../memory/shares.js';
import type { QueueFile } from '../queue-file.js';
import { DeliveryLog } from '../recovery/delivery-log.js';

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
    const { leaseMs } = this.#file.identity;
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
    for (const log of beat.logs) log.delete();
    for (const share of beat.lost) shares.lose(share);
    const kept = shares.adopted.filter((share) => !beat.removed.includes(share));
    shares.all = [...kept, ...beat.adopted, shares.own];
    shares.elsewhere = beat.elsewhere;
    if (beat.adopted.length > 0) this.#onAdopted();
    this.#schedule(leaseMs / 3);
  }

  /** Renews the leases, adopts the shares of other processes whose leases have run out, and removes empty ones. */
  #renew(store: Store, now: number) {
    if (!store.isUsable) throw new Error('a newer version of @successeve/sqlite has changed it');
    const { adopted: known, all } = this.#shares;
    const held = store.renew();
    const lost = all.filter(({ id }) => id !== 0 && !held.some((row) => row.id === id));
    const removed = known.filter((share) => share.isDone && store.removeIfEmpty(share.id));
    // A heartbeat that SQLite reported as failed may have counted: its shares are ours, but unknown.
    const unknown = held.filter((row) => !all.some(({ id }) => id === row.id));
    const expired = this.#isLeaving ? [] : store.expiredHolders(now);
    const logs = expired.map((holder) => new DeliveryLog({ ...this.#file.identity, holder }));
    for (const log of logs) log.applyTo(store);
    const found = this.#isLeaving ? [] : [...unknown, ...store.adopt(now)];
    const adopted = found.sort((a, b) => a.id - b.id).map((row) => new Share(row));
    return { lost, removed, adopted, logs, elsewhere: store.totalsElsewhere() };
  }
}
