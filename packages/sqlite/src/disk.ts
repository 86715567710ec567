import { TrackingError } from '@successeve/core';
import { isBusy } from './node-sqlite.js';
import { openFile, patienceMs } from './open-file.js';
import { Store } from './store.js';

/** How long a failing disk is left alone. */
const retryMs = 1000;

/** How long other processes may keep us from writing before that is a trouble to report. */
const maxBusyMs = 5000;

/** The file, which may fail and work again. */
export class Disk {
  readonly #path: string;
  readonly #onTrouble: (error: TrackingError) => void;
  readonly #onRetry: () => void;
  #store: Store | undefined;
  #isFailing = false;
  #busySince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws TrackingError with the code `invalid_options` where the path is at fault. */
  constructor(path: string, onTrouble: (error: TrackingError) => void, onRetry: () => void) {
    this.#path = path;
    this.#onTrouble = onTrouble;
    this.#onRetry = onRetry;
    try {
      this.#store = new Store(openFile(path));
    } catch (error) {
      // A disk that is full or busy is no mistake in the options: it is tried again with the first event.
      if (error instanceof TrackingError) throw error;
    }
  }

  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Whether it did not work just now, and `onRetry` will say when to try again. */
  get isResting(): boolean {
    return this.#timer !== undefined;
  }

  /** Does something with the file, or answers `undefined` where it cannot be done now. */
  attempt<Result>(work: (store: Store) => Result): Result | undefined {
    try {
      this.#store ??= new Store(openFile(this.#path));
      const result = work(this.#store);
      this.#isFailing = false;
      this.#busySince = undefined;
      return result;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /**
   * Looks something up. That works on a full disk too, so it says nothing about writing. `busy` passes by itself, as
   * when another process mends the file after a crash; `onRetry` tells when to ask again.
   */
  read<Result>(look: (store: Store) => Result): Result | 'busy' | 'failed' {
    try {
      this.#store ??= new Store(openFile(this.#path));
      return look(this.#store);
    } catch (error) {
      if (!isBusy(error)) this.#report(error);
      this.#rest(isBusy(error) ? busyMs() : retryMs);
      return isBusy(error) ? 'busy' : 'failed';
    }
  }

  /** Does something at a moment when nothing comes after, and so waits for other processes. */
  insist(work: () => unknown): void {
    this.wakeUp();
    this.#store?.waitForOthers(patienceMs);
    work();
    this.#store?.waitForOthers(0);
    this.wakeUp();
  }

  /** Somebody waits for it: then its next try holds the process open. */
  holdProcess(): void {
    this.#timer?.ref();
  }

  /** Ends a rest before its time. */
  wakeUp(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.wakeUp();
    try {
      this.#store?.close();
    } catch (error) {
      this.#failed(error);
    }
    this.wakeUp();
  }

  #failed(error: unknown): void {
    if (!isBusy(error)) {
      this.#report(error);
      return this.#rest(retryMs);
    }
    this.#busySince ??= Date.now();
    if (Date.now() - this.#busySince > maxBusyMs) this.#report(error);
    this.#rest(busyMs());
  }

  #report(cause: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const why = cause instanceof Error ? cause.message : 'unknown error';
    const message = `the queue's file cannot be used (${why}): events wait in memory until it can`;
    this.#onTrouble(new TrackingError('queue_failed', message, { cause }));
  }

  #rest(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onRetry();
    }, ms);
    this.#timer.unref();
  }
}

/** Others are at work for some milliseconds; not all who wait for them should come back at the same time. */
function busyMs(): number {
  return 1 + Math.random() * 4;
}
