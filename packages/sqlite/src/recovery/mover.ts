import { TrackingError } from '@successeve/core';
import { eventKinds } from '@successeve/core/queue';
import type { Disk } from '../file/disk.js';
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
  #damaged: { readonly path: string; readonly cause: unknown } | undefined;

  constructor(shares: Shares, disk: Disk) {
    this.#shares = shares;
    this.#disk = disk;
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
    const copies = this.#copyToNewFile(old);
    if (!copies) return undefined;
    let missing = 0;
    for (const { share, id, behind } of copies) {
      if (behind) missing += shares.restart(share, id, behind);
      else shares.lose(share);
    }
    return missing;
  }

  #copyToNewFile(old: OpenFile) {
    let fresh: OpenFile | undefined;
    try {
      old.removeCompanions();
      fresh = new OpenFile(this.#disk.identity);
      const { store } = fresh;
      const copies = store.transaction(() =>
        this.#shares.all.map((share) => this.#copy(share, old.store, store)),
      );
      this.#disk.replace(fresh);
      return copies;
    } catch (error) {
      fresh?.close();
      this.#disk.failed('insert', error);
      return undefined;
    }
  }

  /** @returns the new id of a share, and how many of its events are behind its fronts; nothing where it was lost. */
  #copy(share: Share, from: Store, to: Store) {
    const { own, unwritten } = this.#shares;
    const behind = this.#shares.unwrittenBehind(share);
    if (share.id === 0) return { share, id: 0, behind };
    if (!isHeld(from, share.id)) return { share, id: 0 };
    const id = to.addShare();
    for (const kind of eventKinds) {
      const { lastRowId, settled } = share.lanes[kind];
      const settledIds = settled.ids;
      for (const row of salvage(from, share.id, kind)) {
        const event = { ...row, kind };
        if (settledIds.has(row.id) || (share === own && unwritten.has(event))) continue;
        to.insert(id, event);
        if (row.id > lastRowId) behind[kind].add(row);
      }
    }
    return { share, id, behind };
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
    this.#disk.report(new TrackingError('queue_failed', message, { cause }));
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
