import { TrackingError } from '@successeve/core';
import { type EventKind, eventKinds } from '@successeve/core/queue';
import { closeQuietly, type Disk } from '../file/disk.js';
import { isDamage, messageOf } from '../file/node-sqlite.js';
import { OpenFile } from '../file/open-file.js';
import type { Store } from '../file/store.js';
import type { Share } from '../memory/share.js';
import type { Shares } from '../memory/shares.js';
import { salvage } from './salvage.js';
import { setAside } from './set-aside.js';

/**
 * Brings the shares of this process to a new file, when the open one was deleted or replaced, or is damaged and was set
 * aside. The rest of the queue does not notice: shares only get new ids.
 *
 * It blocks the event loop, for a second or two with 100 000 events. It is that rare.
 */
export class Mover {
  readonly #shares: Shares;
  readonly #disk: Disk;
  readonly #report: (error: TrackingError) => void;
  #damaged: { readonly path: string; readonly cause: unknown } | undefined;

  constructor(shares: Shares, disk: Disk, report: (error: TrackingError) => void) {
    this.#shares = shares;
    this.#disk = disk;
    this.#report = report;
  }

  /** Returns whether the file at the path is the open one, if need be after a move. */
  ensureInPlace(onMoved: () => void): boolean {
    const { file } = this.#disk;
    const damage = this.#disk.takeDamage();
    if (damage !== undefined && (file?.isInPlace ?? true)) {
      try {
        this.#damaged = { path: setAside(this.#disk.identity.path), cause: damage };
      } catch (error) {
        this.#disk.failed('insert', error);
        return false;
      }
      // A file that was damaged before it was open leaves nothing to move.
      if (!file) this.#reportMove(0);
    }
    if (!file || file.isInPlace) return true;
    const missing = this.#move(file);
    if (missing === undefined) return false;
    onMoved();
    this.#reportMove(missing);
    return true;
  }

  /** @returns how many events could not be read; undefined where the move failed. */
  #move(old: OpenFile): number | undefined {
    const shares = this.#shares;
    const move = this.#copyToNewFile(old);
    if (!move) return undefined;
    for (const [share, id] of move.ids) {
      share.id = id;
      // The rows of settled events were left behind.
      share.forgetSettled();
    }
    for (const share of move.lost) shares.lose(share);
    let missing = move.adoptedMissing;
    for (const [kind, count] of move.ownMissing) {
      shares.miss(kind, count);
      missing += count;
    }
    return missing;
  }

  #copyToNewFile(old: OpenFile) {
    let fresh: OpenFile | undefined;
    try {
      old.removeCompanions();
      fresh = new OpenFile(this.#disk.identity);
      const { store } = fresh;
      const copied = store.transaction(() => this.#copy(old.store, store));
      this.#disk.replace(fresh);
      return copied;
    } catch (error) {
      closeQuietly(fresh);
      this.#disk.failed('insert', error);
      return undefined;
    }
  }

  /** @returns the new ids of the shares, the shares that were lost, and how many events could not be read. */
  #copy(from: Store, to: Store) {
    const { all, own, unwritten } = this.#shares;
    const ids = new Map<Share, number>();
    const lost: Share[] = [];
    const ownMissing = new Map<EventKind, number>();
    let adoptedMissing = 0;
    for (const share of all) {
      if (share.id === undefined) continue;
      if (!isHeld(from, share.id)) {
        lost.push(share);
        continue;
      }
      const id = to.addShare();
      ids.set(share, id);
      let found = 0;
      for (const kind of eventKinds) {
        const { lastRowId, behind, settled } = share.lanes[kind];
        const settledIds = new Set(settled.filter((_, i) => i % 2 === 0));
        let foundBehind = 0;
        for (const row of salvage(from, share.id, kind)) {
          if (settledIds.has(row.id)) continue;
          to.insert(id, { ...row, kind });
          if (row.id > lastRowId) foundBehind++;
        }
        found += foundBehind;
        if (share !== own) continue;
        const missing = behind - foundBehind - [...unwritten.after(kind, lastRowId)].length;
        if (missing > 0) ownMissing.set(kind, missing);
      }
      // Events in memory are not missing.
      if (share !== own) adoptedMissing += share.events - share.atFront - share.leased.size - found;
    }
    return { ids, lost, ownMissing, adoptedMissing };
  }

  #reportMove(missing: number): void {
    const { path } = this.#disk.identity;
    const left = missing > 0 ? `, all but ${missing} that cannot be read` : '';
    const moved = `the events that this process is responsible for moved to a new one${left}`;
    const { path: aside, cause } = this.#damaged ?? {};
    this.#damaged = undefined;
    const message = aside
      ? `the queue's file ${path} is damaged (${messageOf(cause)}): it was set aside as ${aside}, and ${moved}. To look for missing events: sqlite3 '${aside}' .recover`
      : `the queue's file ${path} was deleted or replaced while it was in use: ${moved}`;
    this.#report(new TrackingError('queue_failed', message, { cause }));
  }
}

/** Whether a share is ours; where that cannot be read any more, it was at the last heartbeat. */
function isHeld(store: Store, id: number): boolean {
  try {
    return store.isHeld(id);
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  }
}
