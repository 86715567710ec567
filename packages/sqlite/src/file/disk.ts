import { renameSync, rmSync, statSync } from 'node:fs';
import { TrackingError } from '@successeve/core';
import { isBusy, isDamage } from './node-sqlite.js';
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
  /** Which files they are that are open: the queue's, and the two beside it. */
  #inodes: readonly (number | undefined)[] = [];
  /** Where the file is now that was found damaged, and what SQLite said of it. */
  #damaged: { readonly path: string; readonly cause: unknown } | undefined;
  #isFailing = false;
  #isReadFailing = false;
  #busySince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws TrackingError with the code `invalid_options` where the path is at fault. */
  constructor(path: string, onTrouble: (error: TrackingError) => void, onRetry: () => void) {
    this.#path = path;
    this.#onTrouble = onTrouble;
    this.#onRetry = onRetry;
    try {
      this.#open();
    } catch (error) {
      // A disk that is full or busy is no mistake in the options: it is tried again with the first event.
      if (error instanceof TrackingError) throw error;
    }
  }

  /** Whether it cannot be written. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Whether it was found failing just now, so that nobody should wait for it. */
  get isLeftAlone(): boolean {
    return this.isResting && (this.#isFailing || this.#isReadFailing);
  }

  /** Whether what we have open is what others find at the path: neither deleted nor replaced. */
  get isInPlace(): boolean {
    return this.#store === undefined || inodeOf(this.#path) === this.#inodes[0];
  }

  /** Whether it did not work just now, and `onRetry` will say when to try again. */
  get isResting(): boolean {
    return this.#timer !== undefined;
  }

  /** Does something with the file, or answers `undefined` where it cannot be done now. */
  attempt<Result>(work: (store: Store) => Result): Result | undefined {
    try {
      const result = work(this.#open());
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
      const result = look(this.#open());
      this.#isReadFailing = false;
      return result;
    } catch (error) {
      if (isBusy(error)) {
        this.#rest(busyMs());
        return 'busy';
      }
      if (this.#setAside(error)) return 'failed';
      if (!this.#isReadFailing && !this.#isFailing) this.#tell(error);
      this.#isReadFailing = true;
      this.#rest(retryMs);
      return 'failed';
    }
  }

  /**
   * Goes on with what is at the path now, which is a new file where there is none.
   *
   * @param fill - brings over what is needed of the old one, which can still be read.
   * @returns whether that went well.
   */
  moveOver(fill: (from: Store, to: Store) => void): boolean {
    const old = this.#store;
    const inodes = this.#inodes;
    try {
      this.#removeLeftovers();
      this.#store = undefined;
      const fresh = this.#open();
      if (old) fresh.transaction(() => fill(old, fresh));
    } catch (error) {
      if (this.#store !== old) closeQuietly(this.#store);
      this.#store = old;
      this.#inodes = inodes;
      this.#failed(error);
      return false;
    }
    closeQuietly(old);
    return true;
  }

  /** Tells, after the queue has moved over, why, and how many events could not be read. */
  tellOfMove(missing: number): void {
    const left = missing > 0 ? `, all but ${missing} that cannot be read` : '';
    const goesOn = `the events that this process answers for go on in a new one${left}`;
    const { path, cause } = this.#damaged ?? {};
    this.#damaged = undefined;
    const message = path
      ? `the queue's file ${this.#path} is damaged (${textOf(cause)}): it is set aside as ${path}, and ${goesOn}. To look for what is missing: sqlite3 '${path}' .recover`
      : `the queue's file ${this.#path} was deleted or replaced while it was in use: ${goesOn}`;
    this.#onTrouble(new TrackingError('queue_failed', message, { cause }));
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

  #open(): Store {
    if (this.#store) return this.#store;
    this.#store = new Store(openFile(this.#path));
    this.#inodes = filesOf(this.#path).map(inodeOf);
    return this.#store;
  }

  /**
   * Gives a damaged file another name, so that all who use it move over to a new one: what is written to it may be gone,
   * and what should leave it may not.
   */
  #setAside(cause: unknown): boolean {
    if (!isDamage(cause)) return false;
    try {
      const path = `${this.#path}-damaged-${Date.now()}`;
      if (this.isInPlace) {
        const aside = filesOf(path);
        // The file itself comes last: a process that starts right now should find it with what is beside it, or not.
        for (const [i, name] of [...filesOf(this.#path).entries()].reverse()) {
          if (inodeOf(name) !== undefined) renameSync(name, aside[i] as string);
        }
        this.#damaged = { path, cause };
        if (!this.#store) this.tellOfMove(0);
      }
      this.#rest(0);
      return true;
    } catch {
      // It is tried again, and told meanwhile as any other trouble.
      return false;
    }
  }

  /**
   * What is still beside a file that was deleted alone would be taken for the new one's. What belongs to somebody else's
   * new file is another one by now.
   */
  #removeLeftovers(): void {
    for (const [i, name] of filesOf(this.#path).entries()) {
      if (i > 0 && this.#inodes[i] !== undefined && inodeOf(name) === this.#inodes[i]) rmSync(name);
    }
  }

  #failed(error: unknown): void {
    if (!isBusy(error)) {
      if (this.#setAside(error)) return;
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
    if (!this.#isReadFailing) this.#tell(cause);
  }

  #tell(cause: unknown): void {
    const message = `the queue's file cannot be used (${textOf(cause)}): events wait in memory until it can`;
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

const filesOf = (path: string): string[] => [path, `${path}-wal`, `${path}-shm`];

function inodeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ino;
  } catch {
    // Its folder cannot be looked into; opening it again will say why.
    return undefined;
  }
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'unknown error');

function closeQuietly(store: Store | undefined): void {
  try {
    store?.close();
  } catch {
    // What it has no longer matters.
  }
}

/** Others are at work for some milliseconds; not all who wait for them should come back at the same time. */
function busyMs(): number {
  return 1 + Math.random() * 4;
}
