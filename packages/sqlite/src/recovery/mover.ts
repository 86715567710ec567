import type { Checkpointer } from '../file/checkpointer.js';
import type { Disk } from '../file/disk.js';
import { isDamage } from '../file/node-sqlite.js';
import { kinds } from '../file/schema.js';
import { count, type Kind, noTotals, type Store } from '../file/store.js';
import type { Identity } from '../identity.js';
import type { Share } from '../memory/share.js';
import type { Shares } from '../memory/shares.js';
import type { Notes } from './delivery-log.js';
import { salvage } from './salvage.js';

interface MoverParts {
  readonly identity: Identity;
  readonly shares: Shares;
  readonly disk: Disk;
  readonly notes: Notes;
  readonly checkpointer: Checkpointer;
}

/** What is now where. */
interface Move {
  readonly ids: Map<Share, number>;
  readonly lost: Share[];
  /** How many of our own could not be read, and of those that were taken over. */
  readonly ownMissing: Map<Kind, number>;
  adoptedMissing: number;
}

/**
 * Brings what this process answers for to a new file, when somebody deleted or replaced the one that is open, or it was
 * found damaged and set aside. Nothing else of the queue notices: shares only get new numbers.
 *
 * It holds up the event loop, for a second or two for 100 000 events. That is how rare it is.
 */
export class Mover {
  readonly #identity: Identity;
  readonly #shares: Shares;
  readonly #disk: Disk;
  readonly #notes: Notes;
  readonly #checkpointer: Checkpointer;

  constructor({ identity, shares, disk, notes, checkpointer }: MoverParts) {
    this.#identity = identity;
    this.#shares = shares;
    this.#disk = disk;
    this.#notes = notes;
    this.#checkpointer = checkpointer;
  }

  /** Tells whether the file is where it should be, after a move where it was not. */
  ensureInPlace(): boolean {
    return this.#disk.isInPlace || this.#move();
  }

  #move(): boolean {
    const shares = this.#shares;
    const move: Move = { ids: new Map(), lost: [], ownMissing: new Map(), adoptedMissing: 0 };
    if (!this.#disk.moveOver((from, to) => this.#bringOver(from, to, move))) return false;
    for (const [share, id] of move.ids) {
      share.id = id;
      // What had ended was left behind.
      shares.ended.forget(share);
    }
    this.#notes.clear();
    for (const share of move.lost) shares.lose(share);
    let missing = move.adoptedMissing;
    for (const [kind, count] of move.ownMissing) {
      shares.miss(kind, count);
      missing += count;
    }
    // Its thread has the old one open.
    this.#checkpointer.close();
    this.#disk.tellOfMove(missing);
    return true;
  }

  #bringOver(from: Store, to: Store, move: Move): void {
    const { holder, leaseMs } = this.#identity;
    const now = Date.now();
    for (const share of this.#shares.all) {
      if (share.id === undefined) continue;
      if (!isHeld(from, share.id, holder)) {
        move.lost.push(share);
        continue;
      }
      const id = to.addShare(holder, now + leaseMs, now);
      move.ids.set(share, id);
      const totals = noTotals();
      let found = 0;
      for (const kind of kinds) {
        const ended = new Set(this.#shares.ended.idsOf(share, kind));
        const { lastRowId } = share.lanes[kind];
        let behind = 0;
        for (const row of salvage(from, share.id, kind)) {
          if (ended.has(row.id)) continue;
          const event = { ...row, kind };
          to.insert(id, event);
          count(totals, event, 1);
          if (row.id > lastRowId) behind++;
        }
        found += behind;
        if (share !== this.#shares.own) continue;
        const unwritten = [...this.#shares.unwritten.after(kind, lastRowId)].length;
        const gone = share.lanes[kind].behind - unwritten - behind;
        if (gone > 0) move.ownMissing.set(kind, gone);
      }
      // What is in memory is not missing.
      if (share !== this.#shares.own)
        move.adoptedMissing += share.held.events - share.atFront - share.leased.size - found;
      to.updateShare(id, now + leaseMs, totals);
    }
  }
}

/** Whether a share is ours; where that cannot be read any more, it was when we last looked. */
function isHeld(store: Store, id: number, holder: string): boolean {
  try {
    return store.isHeldBy(id, holder);
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  }
}
